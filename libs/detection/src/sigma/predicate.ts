// What a rule asks of an event, as a tree: made once, asked of every event.
import type { EventView } from '../event/event-view.ts';
import { anything, type Requirement, requireAll, requireOne } from '../literals/requirement.ts';

export interface Predicate {
  readonly test: (event: EventView) => boolean;
  /** What the texts of an event must hold for the test to be worth it. */
  readonly required: Requirement;
}

export function allOf(parts: readonly Predicate[]): Predicate {
  if (parts.length === 1) return parts[0] as Predicate;
  return {
    test: (event) => parts.every((part) => part.test(event)),
    required: requireAll(parts.map(({ required }) => required)),
  };
}

export function oneOf(parts: readonly Predicate[]): Predicate {
  if (parts.length === 1) return parts[0] as Predicate;
  return { test: (event) => parts.some((part) => part.test(event)), required: requireOne(parts.map(({ required }) => required)) };
}

export function not(part: Predicate): Predicate {
  return { test: (event) => !part.test(event), required: anything };
}
