export { type Logger, type LogLevel, openLogger } from './logger.ts';
export { openMetrics, type Metrics } from './metrics.ts';
export { extractTrace, inSpan, injectTrace, openTracing, SpanKind, traceIdNow, type Tracing } from './tracing.ts';
