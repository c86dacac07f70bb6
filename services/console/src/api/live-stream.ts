// A server-sent event stream that outlives losses: it resumes after the last event it saw, ever more slowly while the server is away.
// EventSource's own reconnection is not used: it gives up for good on the first answer that is not 200, and does not say where it stands.
//
//   connecting ─open▶ live ─error▶ reconnecting ─delay▶ (connecting again, still shown as reconnecting) ─open▶ live
//   any ─page hidden▶ resting ─page shown▶ connecting;   live ─event `end`▶ ended
import { type Signal, signal } from '@preact/signals';
import { reconnectDelayMs } from './reconnect.ts';

export type LiveState = 'connecting' | 'live' | 'reconnecting' | 'resting' | 'ended';

export interface LiveStreamOptions {
  /** The stream's address, resuming after `since`. */
  url(since: string): string;
  /** The revision to begin after. */
  since: string;
  /** The type of the events wanted. */
  event: string;
  /** All that came since the last frame, in order. */
  onEvents(events: readonly unknown[]): void;
  /** Resuming failed several times: what is shown may lack something, load it anew. The stream goes on trying. */
  onLost(): void;
}

export interface LiveStream {
  readonly state: Signal<LiveState>;
  close(): void;
}

const failuresUntilLost = 3;

export function openLiveStream(options: LiveStreamOptions): LiveStream {
  const state = signal<LiveState>('connecting');
  let { since } = options;
  let source: EventSource | undefined;
  let failures = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let frame: number | undefined;
  let waiting: unknown[] = [];

  const flush = (): void => {
    frame = undefined;
    const events = waiting;
    waiting = [];
    if (events.length > 0) options.onEvents(events);
  };
  const disconnect = (): void => {
    clearTimeout(retry);
    source?.close();
    source = undefined;
  };
  const connect = (): void => {
    disconnect();
    source = new EventSource(options.url(since));
    source.onopen = () => {
      failures = 0;
      state.value = 'live';
    };
    source.addEventListener(options.event, (event: MessageEvent<string>) => {
      if (event.lastEventId !== '') since = event.lastEventId;
      waiting.push(JSON.parse(event.data));
      frame ??= requestAnimationFrame(flush);
    });
    source.addEventListener('end', () => {
      disconnect();
      flush();
      state.value = 'ended';
    });
    source.onerror = () => {
      disconnect();
      state.value = 'reconnecting';
      if (++failures % failuresUntilLost === 0) options.onLost();
      retry = setTimeout(connect, reconnectDelayMs(failures, Math.random()));
    };
  };
  // A browser has few connections to one server; a page nobody sees holds none.
  const onVisibility = (): void => {
    if (state.value === 'ended') return;
    if (document.hidden) {
      disconnect();
      state.value = 'resting';
    } else if (state.value === 'resting') {
      state.value = 'connecting';
      connect();
    }
  };
  document.addEventListener('visibilitychange', onVisibility);
  if (document.hidden) state.value = 'resting';
  else connect();
  return {
    state,
    close() {
      document.removeEventListener('visibilitychange', onVisibility);
      disconnect();
      if (frame !== undefined) cancelAnimationFrame(frame);
    },
  };
}
