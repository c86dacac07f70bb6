import { type CloudEventJson, demoEvents, executionIdsOf, playDemo } from './index.ts';

const startMs = Date.parse('2026-03-01T12:00:00Z');
const events = demoEvents({ seed: 7, startMs });
const lastMs = events.at(-1)?.atMs ?? 0;

function recorder() {
  const time = { nowMs: startMs };
  const sent: { atMs: number; batch: CloudEventJson[] }[] = [];
  return {
    time,
    sent,
    send: (batch: CloudEventJson[]) => Promise.resolve(void sent.push({ atMs: time.nowMs, batch })),
    clock: () => time.nowMs,
    sleep: (ms: number) => Promise.resolve(void (time.nowMs += ms)),
  };
}

test('a play sends every event once, not before its time and at most a tick after it', async () => {
  const { sent, ...ports } = recorder();
  const played = await playDemo({ events, ...ports });
  expect(played).toEqual({ sent: events.length, executionIds: executionIdsOf(events) });
  expect(sent.flatMap(({ batch }) => batch)).toEqual(events.map(({ event }) => event));
  const late = sent.flatMap(({ atMs, batch }) => batch.map((event) => atMs - Date.parse(event.time)));
  expect(Math.min(...late)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...late)).toBeLessThanOrEqual(200);
});

test('a fast play takes no time and ends now, with the same executions', async () => {
  const { sent, time, ...ports } = recorder();
  const played = await playDemo({ events, fast: true, ...ports });
  expect(time.nowMs).toBe(startMs);
  expect(played.executionIds).toEqual(executionIdsOf(events));
  const all = sent.flatMap(({ batch }) => batch);
  expect(all).toHaveLength(events.length);
  expect(all.at(-1)?.time).toBe(new Date(startMs).toISOString());
  expect(all[0]?.time).toBe(new Date(startMs - (lastMs - startMs)).toISOString());
  expect(Math.max(...sent.map(({ batch }) => batch.length))).toBeLessThanOrEqual(200);
});

test('a play that is aborted stops between two batches, without an error', async () => {
  const { sent, ...ports } = recorder();
  const abort = new AbortController();
  const played = await playDemo({ events, ...ports, signal: abort.signal, onProgress: (count) => count > 20 && abort.abort() });
  expect(played.sent).toBe(sent.flatMap(({ batch }) => batch).length);
  expect(played.sent).toBeGreaterThan(20);
  expect(played.sent).toBeLessThan(events.length);
});

test('what the sender throws ends the play', async () => {
  const send = () => Promise.reject(new Error('the door is closed'));
  await expect(playDemo({ events, fast: true, send })).rejects.toThrow('the door is closed');
});
