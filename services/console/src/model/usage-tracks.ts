// What an execution used over time, as step functions: exact however far one zooms in, and quick to ask for the most of a stretch.
import { inOneGo, type InParts } from './in-parts.ts';
import { orderByTime } from './sort-steps.ts';
import type { Steps } from './steps.ts';
import { type Measure, measuresOf, ownParts } from './usage.ts';

/** One measure over time. From `times[i]` on `values[i]` holds, up to the next; before that `sums[i]` had been used. */
export interface Track {
  readonly measure: Measure;
  readonly times: Float64Array;
  /** Cores busy; bytes held; tokens or USD a second. */
  readonly values: Float64Array;
  readonly sums: Float64Array;
  /** The most of each `blockPoints` values. */
  readonly blocks: Float64Array;
  /** The greatest value, and when it first held. */
  readonly most: number;
  readonly mostAtNs: number;
  /** Seconds of CPU, tokens, USD; of memory nothing. */
  readonly total: number;
  /** Bars stand for several: what these held at once is not known, so there may have been more. */
  readonly atLeast: boolean;
}

const blockPoints = 64;

/** Stretches of time in which bars used something, in no order. */
interface Stretches {
  readonly count: number;
  readonly from: Float64Array;
  readonly to: Float64Array;
  readonly bar: Int32Array;
  /** By time (see `orderOf`). */
  readonly order: Int32Array;
  /** By bar how long all of its stretches are, ns. */
  readonly lengths: Float64Array;
  /** Waits were left out. */
  readonly cut: boolean;
}

/**
 * A track of each measure that any step tells of, made in parts, so that a large execution need not be gone through at once. Memory is held as long as the try runs; CPU, tokens and cost are spread over the time it worked, which is what it did not
 * wait; of a try that took no time they count in the sums alone.
 *
 * @param nowNs  where open bars end
 */
export function* makeTracks(steps: Steps, nowNs: number): InParts<Track[]> {
  const found = measuresOf(steps);
  const made: Track[] = [];
  if (found.length === 0) return made;
  yield;
  const works = yield* stretchesOf(steps, nowNs, true);
  const runs = works.cut && found.includes('memory') ? yield* stretchesOf(steps, nowNs, false) : works;
  for (const measure of found) {
    yield;
    const stretches = measure === 'memory' ? runs : works;
    const heights = heightsOf(steps, measure, stretches);
    yield;
    made.push(trackOf(steps, measure, stretches, heights));
  }
  return made;
}

export const tracksOf = (steps: Steps, nowNs: number): Track[] => inOneGo(makeTracks(steps, nowNs));

/** When bars with usage ran; `working`: without their waits, unless they waited all the time. */
function* stretchesOf({ usage, bars, waits }: Steps, nowNs: number, working: boolean): InParts<Stretches> {
  const room = bars.count + (working ? waits.count : 0);
  const [from, to, bar] = [new Float64Array(room), new Float64Array(room), new Int32Array(room)];
  const lengths = new Float64Array(bars.count);
  let [count, cut] = [0, false];
  const add = (a: number, b: number, of: number): void => {
    from[count] = a;
    to[count] = b;
    bar[count++] = of;
    lengths[of] = (lengths[of] ?? 0) + b - a;
  };
  for (let of = 0; usage !== undefined && of < bars.count; of++) {
    if (!((usage.cpu[of] ?? 0) + (usage.memory[of] ?? 0) + (usage.tokens[of] ?? 0) + (usage.cost[of] ?? 0) > 0)) continue;
    const end = known(bars.end[of], Math.round(nowNs));
    const start = Math.min(end, known(bars.start[of], end));
    const before = count;
    let at = start;
    for (let wait = working ? (bars.firstWait[of] ?? -1) : -1; wait >= 0; wait = waits.next[wait] ?? -1) {
      const begins = Math.min(end, waits.from[wait] ?? end);
      const ends = Math.min(end, known(waits.to[wait], end));
      cut ||= ends > at && ends > begins;
      if (begins > at) add(at, begins, of);
      at = Math.max(at, ends);
    }
    if (end > at || count === before) add(end > at ? at : start, end, of);
  }
  const ended = { count, from: from.subarray(0, count), to: to.subarray(0, count), bar: bar.subarray(0, count), lengths, cut };
  yield;
  return { ...ended, order: yield* orderOf(ended.from, ended.to) };
}

const known = (ns: number | undefined, otherwise: number): number => (ns === undefined || Number.isNaN(ns) ? otherwise : ns);

/** Ends (0 … n - 1) and begins (n … 2n - 1) by time; at one instant what ends is before what begins. */
function* orderOf(from: Float64Array, to: Float64Array): InParts<Int32Array> {
  const times = new Float64Array(2 * from.length);
  times.set(to);
  times.set(from, from.length);
  let first = Infinity;
  for (const time of times) if (time < first) first = time;
  for (let i = 0; i < times.length; i++) times[i] = (times[i] ?? 0) - first;
  return yield* orderByTime(times);
}

function trackOf(steps: Steps, measure: Measure, { count, from, to, order }: Stretches, heights: Float64Array): Track {
  const times = new Float64Array(order.length);
  const values = new Float64Array(order.length);
  const sums = new Float64Array(order.length);
  let [points, value, sum, active] = [0, 0, 0, 0];
  for (let i = 0; i < order.length; i++) {
    const event = order[i] ?? 0;
    const begins = event >= count;
    const of = begins ? event - count : event;
    const height = heights[of] ?? 0;
    if (height === 0) continue;
    const time = (begins ? from[of] : to[of]) ?? 0;
    const still = (from[of] ?? 0) >= (to[of] ?? 0);
    const last = points === 0 ? time : (times[points - 1] ?? time);
    if (time > last) sum += (value * (time - last)) / 1e9;
    if (still) sum += begins && measure !== 'memory' ? height : 0;
    else {
      active += begins ? 1 : -1;
      // What was added and taken away again is nothing, not what is left of it.
      value = active === 0 ? 0 : Math.max(0, value + (begins ? height : -height));
    }
    if (points === 0 || time > last) points++;
    times[points - 1] = time;
    values[points - 1] = value;
    sums[points - 1] = sum;
  }
  let [most, mostAtNs] = [0, 0];
  const blocks = new Float64Array(Math.ceil(points / blockPoints));
  for (let i = 0; i < points; i++) {
    const each = values[i] ?? 0;
    if (each > most) [most, mostAtNs] = [each, times[i] ?? 0];
    const block = Math.floor(i / blockPoints);
    blocks[block] = Math.max(blocks[block] ?? 0, each);
  }
  return {
    measure,
    times: times.slice(0, points),
    values: values.slice(0, points),
    sums: sums.slice(0, points),
    blocks,
    most,
    mostAtNs,
    total: measure === 'memory' ? 0 : sum,
    atLeast: measure === 'memory' && !steps.detail.whole,
  };
}

/** How high each stretch is; of one without length how much it adds to the sum. */
function heightsOf(steps: Steps, measure: Measure, { count, bar, lengths }: Stretches): Float64Array {
  const told = steps.usage?.[measure];
  const own = ownParts(steps, measure);
  const heights = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const of = bar[i] ?? 0;
    const value = (told?.[of] ?? 0) * (own[steps.bars.row[of] ?? 0] ?? 1);
    const seconds = (lengths[of] ?? 0) / 1e9;
    heights[i] = measure === 'memory' || seconds === 0 ? value : value / seconds;
  }
  return heights;
}

/** The place of the last point at or before an instant; -1 before the first. */
function pointAt({ times }: Track, atNs: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? 0) <= atNs) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The greatest value between two instants, in time that grows with the logarithm of how many points there are. */
export function mostBetween(track: Track, fromNs: number, toNs: number): number {
  const { values, blocks } = track;
  let at = Math.max(0, pointAt(track, fromNs));
  const last = pointAt(track, toNs);
  let most = 0;
  while (at <= last) {
    const whole = at % blockPoints === 0 && at + blockPoints - 1 <= last;
    const each = (whole ? blocks[at / blockPoints] : values[at]) ?? 0;
    if (each > most) most = each;
    at += whole ? blockPoints : 1;
  }
  return most;
}

/** What holds at an instant, and how much had been used until then. */
export function valueAt(track: Track, atNs: number): { value: number; sum: number } {
  const at = pointAt(track, atNs);
  if (at < 0) return { value: 0, sum: 0 };
  const value = track.values[at] ?? 0;
  return { value, sum: (track.sums[at] ?? 0) + (value * (atNs - (track.times[at] ?? atNs))) / 1e9 };
}
