import { durationText } from '../duration.ts';

const second = 1e9;
const nice = [
  ...[1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8].flatMap((unit) => [unit, 2 * unit, 5 * unit]),
  ...[1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800].map((n) => n * second),
  ...[1, 2, 3, 6, 12, 24, 48, 168].map((hours) => hours * 3600 * second),
];
const leastColumns = 9;

/** Two lines: times since the start at even distances, and the ticks they stand over. */
export function timeAxis(lengthNs: number, width: number): [labels: string, ticks: string] {
  const perColumn = lengthNs / width;
  const step =
    nice.find((each) => each / perColumn >= leastColumns) ??
    Math.ceil((leastColumns * perColumn) / (168 * 3600 * second)) * 168 * 3600 * second;
  let labels = '';
  const ticks = Array.from({ length: width }, () => '─');
  for (let atNs = 0; atNs < lengthNs; atNs += step) {
    const column = Math.floor(atNs / perColumn);
    ticks[column] = column === 0 ? '├' : '┼';
    const label = durationText(atNs);
    if (column + label.length <= width) labels = labels.padEnd(column) + label;
  }
  return [labels, ticks.join('')];
}
