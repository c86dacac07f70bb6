export { formatDuration, formatRunning } from './format-duration.ts';
export { roundDuration } from './round-duration.ts';
