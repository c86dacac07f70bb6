// Event → hits: the one function by which events are looked at, as they come and in a backtest.
import type { AtrRule, EventView } from '@tmws/detection';
import { atrDetector, sigmaDetector } from '@tmws/detection';
import type { Entities, Hit } from './hit.ts';
import { atrEventsOf, entitiesOf, eventName, type ObservedEvent, sigmaViewOf } from './observed-event.ts';
import type { DetectionRules } from './rule-set.ts';

export interface Detected {
  readonly hits: readonly Hit[];
  /** Rules that could not be asked about this event; the others were. */
  readonly choked: readonly { readonly rule: string; readonly error: unknown }[];
}

/**
 * All rules over one event. Pure; what rules count is counted elsewhere.
 *
 *   D1  a rule hits an event at most once
 *   D2  a rule that throws is named, and keeps no other from being asked
 *   D3  rules see the event as it came; hits hold nothing of it that `redact` takes away
 */
export function detect(rules: DetectionRules, event: ObservedEvent, redact: (text: string) => string): Detected {
  const choked: { rule: string; error: unknown }[] = [];
  const view = sigmaViewOf(event);
  const about: { entities?: Entities } = {};
  const shown = redacted(view, redact);
  const entities = (): Entities => (about.entities ??= entitiesOf(shown));
  const events = [eventName(event)];
  const sigma = orEach(
    () => rules.sigma.detect(view),
    rules.sigmaRules,
    (rule) => sigmaDetector([rule]).detect(view).length > 0,
    ({ title }, error) => choked.push({ rule: title, error }),
  );
  const met = new Map<AtrRule, true>();
  for (const said of rules.atrRules.length === 0 ? [] : atrEventsOf(event)) {
    const found = orEach(
      () => rules.atr.detect(said),
      rules.atrRules,
      (rule) => atrDetector([rule]).detect(said).length > 0,
      ({ id }, error) => choked.push({ rule: id, error }),
    );
    for (const rule of found) met.set(rule, true);
  }
  const hits = [
    ...sigma.map((rule): Hit => {
      const running = rules.runningOf(rule);
      const candidate = rule.kind === 'preset' ? { candidate: true } : {};
      return {
        rule: running,
        entities: entities(),
        fields: fieldsOf(shown, running.fields),
        events,
        met: { rule, view: shown },
        ...candidate,
      };
    }),
    ...[...met.keys()].map((rule): Hit => ({ rule: rules.runningOf(rule), entities: entities(), fields: {}, events })),
  ];
  return { hits, choked };
}

/** What all find together; if that throws, what each finds by itself. */
function orEach<R>(
  all: () => R[],
  each: readonly R[],
  one: (rule: R) => boolean,
  failed: (rule: R, error: unknown) => void,
): R[] {
  try {
    return all();
  } catch {
    return each.filter((rule) => {
      try {
        return one(rule);
      } catch (error) {
        failed(rule, error);
        return false;
      }
    });
  }
}

function redacted(view: EventView, redact: (text: string) => string): EventView {
  return {
    ...view,
    field: (name) =>
      view.field(name)?.map((value) => {
        if (typeof value.raw !== 'string') return value;
        const text = redact(value.text);
        return text === value.text ? value : { raw: text, text, folded: text.toLowerCase() };
      }),
  };
}

const mostFields = 16;

/** Values of the fields a rule wants to be seen. */
function fieldsOf(view: EventView, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.slice(0, mostFields).flatMap((name) => {
      const values = view.field(name)?.map(({ text }) => text) ?? [];
      return values.length === 0 ? [] : [[name, values.slice(0, 5).join(', ')]];
    }),
  );
}
