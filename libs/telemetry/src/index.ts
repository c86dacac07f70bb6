export { type Logger, type LogLevel, openLogger } from './logger.ts';
