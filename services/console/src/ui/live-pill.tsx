import type { LiveState } from '../api/live-stream.ts';

const words: Readonly<Record<LiveState, string>> = {
  connecting: 'Connecting',
  live: 'Live',
  reconnecting: 'Reconnecting',
  resting: 'Resting',
  ended: 'Complete',
};

const titles: Readonly<Record<LiveState, string>> = {
  connecting: 'Connecting to the stream of changes',
  live: 'Changes show as they happen',
  reconnecting: 'The stream of changes broke off; what is shown may be old. Trying again.',
  resting: 'Follows again when the page is seen',
  ended: 'Finished, everything is shown',
};

/** Whether what is shown follows the server. Told to screen readers when it changes. */
export function LivePill({ state }: { state: LiveState }) {
  return (
    <span class={`live live-${state}`} role="status" title={titles[state]}>
      <span class="live-dot" aria-hidden="true" />
      {words[state]}
    </span>
  );
}
