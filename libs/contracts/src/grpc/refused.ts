import { setTimeout as delay } from 'node:timers/promises';
import { type ServiceError, status } from '@grpc/grpc-js';

const tries = 5;
const pauseMs = 5;

/**
 * Whether the peer did nothing of the call: it began as its connection ended (RFC 9113, 8.7, REFUSED_STREAM), so also a write is safe to be made
 * again. grpc-js makes it again once by itself, and that may meet the same connection.
 */
function wasRefused(error: unknown): boolean {
  const { code, details } = error as Partial<ServiceError>;
  return code === status.UNAVAILABLE && details === 'Stream refused by server';
}

/**
 * Makes the call; makes it again where the peer did nothing of it, a few times.
 *
 * @param unless  says that it would not be safe: something came back already, or who asked has left
 */
export async function againIfRefused<T>(call: () => Promise<T>, unless: () => boolean = () => false): Promise<T> {
  for (let left = tries; ; left--) {
    try {
      return await call();
    } catch (error) {
      if (left === 1 || !wasRefused(error) || unless()) throw error;
      await delay(pauseMs);
    }
  }
}
