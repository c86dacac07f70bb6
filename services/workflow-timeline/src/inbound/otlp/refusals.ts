import { redactText } from '@tmws/events';
import type { Span } from '../spans/span.ts';

/** What was accepted of a request and what was not; nothing of it is to be sent again (OTLP, "Partial Success"). */
export interface Outcome {
  readonly accepted: number;
  readonly rejected: number;
  /** Empty if all was accepted. */
  readonly message: string;
}

const named = 3;

/** Gathers why spans are not taken: all are counted, the first few are named. */
export class Refusals {
  private readonly spans = new Set<Span>();
  private readonly reasons: string[] = [];
  private uncounted = 0;

  readonly refuse = (span: Span, reason: string): void => {
    if (this.spans.has(span)) return;
    this.spans.add(span);
    if (this.reasons.length < named)
      this.reasons.push(`span ${JSON.stringify(span.name.slice(0, 80))} (${span.spanId}): ${reason}`);
  };

  /** Spans nobody looked into. */
  refuseUnread(count: number, reason: string): void {
    if (count > 0 && this.reasons.length < named) this.reasons.push(reason);
    this.uncounted += count;
  }

  has(span: Span): boolean {
    return this.spans.has(span);
  }

  outcome(all: number): Outcome {
    const rejected = this.spans.size + this.uncounted;
    if (rejected === 0) return { accepted: all, rejected, message: '' };
    const more = rejected > this.reasons.length ? `; and ${rejected - this.reasons.length} more` : '';
    const message = `${rejected} of ${all} spans were not accepted: ${this.reasons.join('; ')}${more}`;
    return { accepted: all - rejected, rejected, message: redactText(message.toWellFormed()).slice(0, 2000) };
  }
}
