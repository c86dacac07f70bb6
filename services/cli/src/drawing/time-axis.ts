import { formatDuration, roundDuration } from '@tmws/duration';

const leastColumns = 9;

/** Two lines: times since the start at even distances, and the ticks they stand over. */
export function timeAxis(lengthNs: number, width: number): [labels: string, ticks: string] {
  const perColumn = lengthNs / width;
  const step = roundDuration(leastColumns * perColumn);
  let labels = '';
  const ticks = Array.from({ length: width }, () => '─');
  for (let atNs = 0; atNs < lengthNs; atNs += step) {
    const column = Math.floor(atNs / perColumn);
    ticks[column] = column === 0 ? '├' : '┼';
    const label = formatDuration(atNs);
    if (column + label.length <= width) labels = labels.padEnd(column) + label;
  }
  return [labels, ticks.join('')];
}
