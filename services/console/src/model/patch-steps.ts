// Changes of the stream, written into the columns: a row that is known is changed in place, a new one goes to their end.
import type { AttemptBarJson, TimelineRowJson } from '@tmws/contracts/timeline';
import type { KeyIndex } from './step-key.ts';
import { type Bars, emptyBars, emptyRows, emptyWaits, type Rows, type Steps, type Template, type Waits, widen } from './steps.ts';
import { tellUsage } from './usage.ts';

export interface Patcher {
  /** @returns whether there are new rows, so that they must be laid out anew */
  apply(changed: readonly TimelineRowJson[]): boolean;
}

/** @param index  of all rows of `steps`; new ones are added to it */
export function patcherOf(steps: Steps, index: KeyIndex): Patcher {
  const words = (list: string[]) => {
    const places = new Map(list.map((word, at) => [word, at]));
    return (word: string): number => {
      const known = places.get(word);
      if (known !== undefined) return known;
      places.set(word, list.push(word) - 1);
      return list.length - 1;
    };
  };
  const status = words(steps.statuses);
  const kind = words(steps.kinds);
  const waitKind = words(steps.waitKinds);
  const reason = words(steps.reasons);
  const flag = words(steps.flags);
  const path = interned(steps.paths, (each) => JSON.stringify(each));
  const place = interned(steps.places, (each) => JSON.stringify(each));
  const template = interned(steps.templates, (each) => JSON.stringify(each));
  const type = interned(steps.types, (each) => each.join());
  /** Rows whose parent has not come yet, by its key. */
  const orphans = new Map<string, number[]>();
  const ns = (text: string | undefined): number => (text === undefined ? NaN : Number(BigInt(text) - steps.originNs));

  const addRow = (json: TimelineRowJson): number => {
    const { rows } = steps;
    if (rows.count === rows.type.length) grow(rows, emptyRows);
    const row = rows.count++;
    const [idTemplate, idNumber] = templateOf(json.stepId ?? '');
    const [nameTemplate, nameNumber] = templateOf(json.name ?? '');
    const named = (json.name ?? '') !== '' && json.name !== json.stepId;
    rows.type[row] = type([template(idTemplate), named ? template(nameTemplate) : -1, kind(json.kind ?? '')]);
    rows.idNumber[row] = idNumber;
    rows.nameNumber[row] = nameNumber;
    rows.path[row] = path(json.path ?? []);
    rows.iteration[row] = json.iteration ?? 0;
    const key = json.stepKey ?? '';
    const above = json.parentStepKey ?? '';
    const parent = above === '' ? undefined : index.get(above);
    if (parent !== undefined) rows.parent[row] = parent;
    else if (above !== '') orphans.set(above, [...(orphans.get(above) ?? []), row]);
    // None lies under itself: what waits for this row is a top row, and this row none of theirs.
    for (const child of orphans.get(key) ?? []) if (!liesUnder(rows, row, child)) rows.parent[child] = row;
    orphans.delete(key);
    index.set(key, row);
    // Its key follows from path, id and iteration unless it is that of a span.
    if (key.length === 16) steps.keys.set(row, key);
    return row;
  };
  const setWaits = (bar: number, json: AttemptBarJson): void => {
    const { bars, waits } = steps;
    let before = -1;
    for (const each of json.waits ?? []) {
      let wait = before < 0 ? (bars.firstWait[bar] ?? -1) : (waits.next[before] ?? -1);
      if (wait < 0) {
        if (waits.count === waits.kind.length) grow(waits, emptyWaits);
        wait = waits.count++;
        waits.next[wait] = -1;
        if (before < 0) bars.firstWait[bar] = wait;
        else waits.next[before] = wait;
      }
      waits.kind[wait] = waitKind(each.kind ?? 'unknown');
      waits.from[wait] = ns(each.fromNs ?? String(steps.originNs));
      waits.to[wait] = ns(each.toNs);
      waits.reason[wait] = reason(each.reason ?? '');
      before = wait;
    }
    if (before < 0) bars.firstWait[bar] = -1;
    else waits.next[before] = -1;
  };
  const setBar = (bar: number, json: AttemptBarJson): void => {
    const { bars } = steps;
    bars.attempt[bar] = json.attempt ?? 1;
    bars.status[bar] = status(json.status ?? 'unknown');
    bars.ready[bar] = ns(json.readyNs);
    bars.queued[bar] = ns(json.queuedNs);
    bars.start[bar] = ns(json.startNs);
    bars.end[bar] = ns(json.endNs);
    bars.place[bar] = place([json.worker ?? '', json.pool ?? '']);
    bars.flags[bar] = (json.flags ?? []).reduce((bits, each) => bits | (1 << flag(each)), 0);
    setWaits(bar, json);
    tellUsage(steps, bar, json.usage);
  };
  const setRow = (row: number, json: TimelineRowJson): void => {
    const { rows, bars } = steps;
    rows.status[row] = status(json.status ?? 'unknown');
    rows.first[row] = Infinity;
    rows.last[row] = -Infinity;
    let before = -1;
    for (const each of json.attempts ?? []) {
      let bar = before < 0 ? (rows.firstBar[row] ?? -1) : (bars.next[before] ?? -1);
      if (bar < 0) {
        if (bars.count === bars.row.length) grow(bars, emptyBars);
        bar = bars.count++;
        bars.row[bar] = row;
        if (before < 0) rows.firstBar[row] = bar;
        else bars.next[before] = bar;
        rows.lastBar[row] = bar;
      }
      setBar(bar, each);
      widen(steps, bar);
      before = bar;
    }
    const on = (json.dependsOn ?? []).map((key) => index.get(key)).filter((each) => each !== undefined);
    if (on.length > 0) steps.laterDepends.set(row, on);
  };
  return {
    apply(changed) {
      const before = steps.rows.count;
      for (const json of changed) setRow(index.get(json.stepKey ?? '') ?? addRow(json), json);
      return steps.rows.count > before;
    },
  };
}

/** Adds what a list lacks, and says where it is. */
function interned<T>(list: T[], keyOf: (each: T) => string): (each: T) => number {
  const places = new Map(list.map((each, at) => [keyOf(each), at]));
  return (each) => {
    const key = keyOf(each);
    const known = places.get(key);
    if (known !== undefined) return known;
    places.set(key, list.push(each) - 1);
    return list.length - 1;
  };
}

/** A text with its last number apart, so that step-1 and step-2 are of one type. */
export function templateOf(text: string): [Template, number] {
  const found = /^(.*?)(\d{1,15})(\D*)$/s.exec(text);
  if (found === null) return [text, 0];
  const [, before = '', digits = '', after = ''] = found;
  return [[before, digits.length > 1 && digits.startsWith('0') ? digits.length : 0, after], Number(digits)];
}

function liesUnder({ parent }: Rows, row: number, above: number): boolean {
  for (let at = row; at >= 0; at = parent[at] ?? -1) if (at === above) return true;
  return false;
}

/** Twice the room; what is new is as an empty column has it. */
function grow<T extends Rows | Bars | Waits>(columns: T, empty: (n: number) => T): void {
  const { count } = columns;
  const larger = empty(Math.max(256, count * 2));
  for (const name of Object.keys(larger) as (keyof T)[]) {
    const [from, to] = [columns[name], larger[name]];
    if (!ArrayBuffer.isView(to)) continue;
    (to as unknown as Float64Array).set(from as unknown as Float64Array);
    columns[name] = to;
  }
}
