// A server-sent event stream that outlives losses: it resumes after the last event it saw, ever more slowly while the server is away.
// EventSource's own reconnection is not used: it gives up for good on the first answer that is not 200, and does not say where it stands.
//
//   connecting ─open▶ live ─error▶ reconnecting ─delay▶ (connecting again, still shown as reconnecting) ─open▶ live
//   reconnecting ─lost, asked anew▶ polling ─delay▶ (connecting again, still shown as polling) ─open▶ live
//   any ─page hidden▶ resting ─page shown▶ connecting;   any ─paused▶ paused ─resumed▶ connecting;   live ─event `end`▶ ended
import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { failuresUntilLost, pollDelayMs, reconnectDelayMs } from './reconnect.ts';

export type LiveState = 'connecting' | 'live' | 'reconnecting' | 'polling' | 'paused' | 'resting' | 'ended';

export interface LiveStreamOptions {
  /** The stream's address, resuming after `since`. */
  url(since: string): string;
  /** The revision to begin after. */
  since: string;
  /** The type of the events wanted. */
  event: string;
  /** A further type, given apart. */
  also?: { event: string; onEvent(event: unknown): void };
  /** All that came since the last frame, in order. */
  onEvents(events: readonly unknown[]): void;
  /**
   * Resuming failed several times: what is shown may lack something, load it anew and call `resumeAfter`. The stream goes on trying.
   * Asked every 5 to 30 s from then on, so that a page behind a proxy that breaks streams still moves.
   * @returns  whether it was loaded
   */
  onLost(): Promise<boolean>;
  /** Rest while this is set. */
  paused?: ReadonlySignal<boolean>;
  /** What is shown is as the server has it at this moment. */
  onFresh?(): void;
  /** It broke: what it says of why is not to be had, so the session is looked at. */
  onBroken?(): void;
}

export interface LiveStream {
  readonly state: Signal<LiveState>;
  /** What came up to `since` is known by other means; the next connection begins there. */
  resumeAfter(since: string): void;
  close(): void;
}

export function openLiveStream(options: LiveStreamOptions): LiveStream {
  const state = signal<LiveState>('connecting');
  let { since } = options;
  let source: EventSource | undefined;
  let failures = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let frame: number | undefined;
  let waiting: unknown[] = [];
  let closed = false;

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
  const atRest = (): boolean => document.hidden || options.paused?.peek() === true;
  const lost = async (): Promise<void> => {
    const loaded = await options.onLost().catch(() => false);
    if (!loaded || closed) return;
    options.onFresh?.();
    if (state.peek() === 'reconnecting') state.value = 'polling';
  };
  const connect = (): void => {
    disconnect();
    const opened = (source = new EventSource(options.url(since)));
    opened.onopen = () => {
      failures = 0;
      state.value = 'live';
      options.onFresh?.();
    };
    opened.addEventListener(options.event, (event: MessageEvent<string>) => {
      if (event.lastEventId !== '') since = event.lastEventId;
      waiting.push(JSON.parse(event.data));
      frame ??= requestAnimationFrame(flush);
      options.onFresh?.();
    });
    if (options.also !== undefined) {
      const { event: type, onEvent } = options.also;
      opened.addEventListener(type, (event: MessageEvent<string>) => {
        if (event.lastEventId !== '') since = event.lastEventId;
        // What came before it is told before it.
        if (frame !== undefined) cancelAnimationFrame(frame);
        flush();
        onEvent(JSON.parse(event.data));
        options.onFresh?.();
      });
    }
    opened.addEventListener('end', () => {
      disconnect();
      flush();
      state.value = 'ended';
    });
    opened.onerror = () => {
      disconnect();
      options.onBroken?.();
      if (state.peek() === 'live') options.onFresh?.();
      if (state.peek() !== 'polling') state.value = 'reconnecting';
      failures++;
      const isLost = failures >= failuresUntilLost;
      if (isLost) void lost();
      retry = setTimeout(connect, (isLost ? pollDelayMs : reconnectDelayMs)(failures, Math.random()));
    };
  };
  // A browser has few connections to one server; a page nobody sees holds none.
  const restOrConnect = (): void => {
    if (closed || state.peek() === 'ended') return;
    if (atRest()) {
      if (state.peek() === 'live') options.onFresh?.();
      disconnect();
      state.value = document.hidden ? 'resting' : 'paused';
    } else if (source === undefined && state.peek() !== 'reconnecting' && state.peek() !== 'polling') {
      state.value = 'connecting';
      connect();
    }
  };
  // The network is back: no need to sit out the delay.
  const onOnline = (): void => {
    if (source === undefined && (state.peek() === 'reconnecting' || state.peek() === 'polling')) connect();
  };
  document.addEventListener('visibilitychange', restOrConnect);
  addEventListener('online', onOnline);
  const unfollow = options.paused?.subscribe(restOrConnect);
  if (unfollow === undefined) restOrConnect();
  return {
    state,
    resumeAfter(next) {
      since = next;
    },
    close() {
      closed = true;
      unfollow?.();
      document.removeEventListener('visibilitychange', restOrConnect);
      removeEventListener('online', onOnline);
      disconnect();
      if (frame !== undefined) cancelAnimationFrame(frame);
    },
  };
}
