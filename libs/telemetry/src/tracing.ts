// Spans are made by hand in four places (HTTP, gRPC, Kafka, Postgres), so they are the same in every way of running.
// Without an endpoint nothing is loaded and a span costs nothing.
import { context, propagation, type Span, SpanKind, SpanStatusCode, trace, type Attributes } from '@opentelemetry/api';

export { SpanKind };

export interface Tracing {
  close(): Promise<void>;
}

/**
 * Sends this process's spans to an OTLP/HTTP collector.
 *
 * @param endpoint  `http://host:4318`, as OTEL_EXPORTER_OTLP_ENDPOINT has it; absent = no spans are made
 */
export async function openTracing(service: string, endpoint: string | undefined): Promise<Tracing> {
  if (endpoint === undefined) return { close: () => Promise.resolve() };
  const [
    sdk,
    { OTLPTraceExporter },
    { resourceFromAttributes },
    { W3CTraceContextPropagator },
    { AsyncLocalStorageContextManager },
  ] = await Promise.all([
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/exporter-trace-otlp-proto'),
    import('@opentelemetry/resources'),
    import('@opentelemetry/core'),
    import('@opentelemetry/context-async-hooks'),
  ]);
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` });
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes({ 'service.name': service, 'service.namespace': 'tmws' }),
    spanProcessors: [new sdk.BatchSpanProcessor({ exporter })],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(provider);
  return { close: () => provider.shutdown() };
}

/** Runs `work` in a span; a throw marks the span failed and passes on. */
export async function inSpan<T>(
  name: string,
  kind: SpanKind,
  attributes: Attributes,
  work: (span: Span) => Promise<T> | T,
): Promise<T> {
  return trace.getTracer('tmws').startActiveSpan(name, { kind, attributes }, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: Error.isError(error) ? error.name : 'error' });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** The current trace as `traceparent`/`tracestate`, to send along. Empty without a trace. */
export function injectTrace(): Record<string, string> {
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier);
  return carrier;
}

/** Runs `work` as a part of the trace that `headers` name. */
export function extractTrace<T>(headers: Readonly<Record<string, string | undefined>>, work: () => T): T {
  return context.with(propagation.extract(context.active(), headers), work);
}

/** The id of the current trace, 32 hex digits, if there is one. */
export function traceIdNow(): string | undefined {
  return trace.getSpanContext(context.active())?.traceId;
}
