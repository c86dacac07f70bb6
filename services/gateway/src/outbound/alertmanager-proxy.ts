import { type IncomingMessage, request as ask } from 'node:http';
import { Problem } from '@tmws/problems';
import type { AlertmanagerProxy } from '../ports.ts';

interface Options {
  /** `host:port`. @throws Problem `unavailable` where nobody knows */
  readonly target: () => string;
  /** How long alerting may be silent, while it is asked and while it answers. */
  readonly timeoutMs: number;
}

/** Alerting's Alertmanager listener over HTTP. Each request has a connection of its own, as a POST cannot be sent again on another. */
export function openAlertmanagerProxy({ target, timeoutMs }: Options): AlertmanagerProxy {
  return async ({ method, path, headers, body, signal }) => {
    const url = new URL(`http://${target()}`);
    const answered = Promise.withResolvers<IncomingMessage>();
    const asked = ask({
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port,
      method,
      path,
      headers,
      signal,
      agent: false,
    });
    asked.setTimeout(timeoutMs, () => asked.destroy(new Problem('timeout', `alerting was silent for ${timeoutMs / 1000} s`)));
    asked.once('response', answered.resolve);
    // It stays: what fails later is seen by who reads the answer.
    asked.on('error', (error) => answered.reject(problemOf(error)));
    body.pipe(asked);
    return await answered.promise;
  };
}

const awayCodes = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

function problemOf(error: NodeJS.ErrnoException): Problem {
  if (error instanceof Problem) return error;
  const away = awayCodes.has(error.code ?? '');
  const message = away
    ? 'alerting is away; try again in a moment'
    : 'alerting broke off; whether it did what was asked is not known';
  return new Problem(away ? 'unavailable' : 'internal', message, { cause: error, ...(away && { retryAfterMs: 1000 }) });
}
