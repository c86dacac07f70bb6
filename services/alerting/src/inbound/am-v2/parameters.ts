// Query parameters as Alertmanager reads them: of one that is given twice the last counts, `filter` as often as it is given.
import type { Request } from '@tmws/http';
import type { Matcher } from '../../domain/matcher.ts';
import { parseMatcher } from '../../domain/matcher-text.ts';
import { anchored } from '../../domain/pattern.ts';
import { said } from './refusal.ts';

export const parametersOf = (request: Request): URLSearchParams => {
  const at = request.originalUrl.indexOf('?');
  return new URLSearchParams(at === -1 ? '' : request.originalUrl.slice(at + 1));
};

const yes = new Set(['true', '1', 'yes', 'ok', 'y', 'on', 'selected', 'checked', 't', 'enabled']);

/** True unless it says something that is not yes. */
export function flag(parameters: URLSearchParams, name: string): boolean {
  const given = parameters.getAll(name).at(-1);
  return given === undefined || given === '' || yes.has(given.toLowerCase());
}

/** Matchers of a repeated parameter; all must hold. @throws Refusal */
export const matchersOf = (parameters: URLSearchParams, name: string): Matcher[] =>
  parameters.getAll(name).map((text) => {
    try {
      return parseMatcher(text, 'fallback');
    } catch (error) {
      throw said(400, error instanceof Error ? error.message : String(error));
    }
  });

/**
 * Which receivers are meant: a pattern for the whole name, and matchers on the receiver's labels. No receiver of our files has labels, so
 * only matchers that hold for '' let any through.
 *
 * @throws Refusal
 */
export function receiversMeant(parameters: URLSearchParams): (name: string) => boolean {
  const labelled = matchersOf(parameters, 'receiver_matchers').every((matcher) => matcher.matches(''));
  const pattern = parameters.getAll('receiver').at(-1) ?? '';
  if (pattern === '') return () => labelled;
  try {
    const named = anchored(pattern);
    return (name) => labelled && named(name);
  } catch (error) {
    throw said(400, `failed to parse receiver param: ${error instanceof Error ? error.message : String(error)}`);
  }
}
