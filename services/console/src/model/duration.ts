export { formatDuration, formatRunning } from '@tmws/duration';
