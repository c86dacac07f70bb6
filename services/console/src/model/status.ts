/** How a status looks: the shape of its mark and the tone of its colour. Several statuses may share a tone, never a shape and a word. The tones have colours of their own in tokens.css. */
export const tones = ['good', 'active', 'waiting', 'bad', 'retrying', 'paused', 'cancelled', 'planned'] as const;
export type Tone = (typeof tones)[number] | 'quiet';
export type Shape =
  'check' | 'play' | 'clock' | 'queue' | 'cross' | 'hourglass' | 'slash' | 'retry' | 'pause' | 'skip' | 'ring' | 'question';

export interface StatusLook {
  word: string;
  shape: Shape;
  tone: Tone;
  /** Nothing more is to come, as far as is known. */
  ended: boolean;
}

const looks: Readonly<Record<string, StatusLook>> = {
  planned: { word: 'planned', shape: 'ring', tone: 'planned', ended: false },
  ready: { word: 'ready', shape: 'clock', tone: 'waiting', ended: false },
  queued: { word: 'queued', shape: 'queue', tone: 'waiting', ended: false },
  running: { word: 'running', shape: 'play', tone: 'active', ended: false },
  paused: { word: 'paused', shape: 'pause', tone: 'paused', ended: false },
  retry_scheduled: { word: 'retrying', shape: 'retry', tone: 'retrying', ended: false },
  completed: { word: 'completed', shape: 'check', tone: 'good', ended: true },
  failed: { word: 'failed', shape: 'cross', tone: 'bad', ended: true },
  timed_out: { word: 'timed out', shape: 'hourglass', tone: 'bad', ended: true },
  cancelled: { word: 'cancelled', shape: 'slash', tone: 'cancelled', ended: true },
  skipped: { word: 'skipped', shape: 'skip', tone: 'quiet', ended: true },
  unknown: { word: 'unknown', shape: 'question', tone: 'quiet', ended: false },
};

/** The look of a status; one this page does not know yet shows its own word. */
export function lookOf(status: string): StatusLook {
  return looks[status] ?? { word: status.replaceAll('_', ' ') || 'unknown', shape: 'question', tone: 'quiet', ended: false };
}

export const hasFailed = (status: string): boolean => lookOf(status).tone === 'bad';

/** Statuses an execution may have, in the order the filter offers them. */
export const executionStatuses = ['running', 'completed', 'failed', 'timed_out', 'cancelled', 'planned', 'unknown'] as const;
