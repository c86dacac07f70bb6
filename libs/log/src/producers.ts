// What a partition remembers of idempotent producers (KIP-98): for each producer id its epoch and its last five batches, so that a
// batch sent again is recognised, and a gap is noticed.
//
//   P1  a batch of the last five of its producer and epoch is a duplicate, and answered with the offset it got
//   P2  in one epoch, sequences follow each other without a gap and wrap from 2^31 - 1 to 0
//   P3  an epoch below the last one seen is refused; a higher one starts at sequence 0
//   P4  a producer not known here may start anywhere (its state may have been forgotten)
//   P5  at most `maxProducers` are remembered; who was silent longest is forgotten first
import { LogProblem } from './log-problem.ts';
import { type BatchHeader } from './record-batch.ts';

const rememberedBatches = 5;
const sequences = 2 ** 31;

export interface RememberedBatch {
  readonly first: number;
  readonly last: number;
  readonly baseOffset: number;
  readonly lastOffset: number;
}

interface Producer {
  readonly epoch: number;
  readonly batches: readonly RememberedBatch[];
}

/** Producer id, epoch and batches: how the state is written down in a checkpoint. */
export type ProducerSnapshot = readonly (readonly [number, number, readonly RememberedBatch[]])[];

const isIdempotent = (batch: BatchHeader): boolean => batch.producerId >= 0;
const lastSequence = (batch: BatchHeader): number => (batch.baseSequence + batch.recordCount - 1) % sequences;

export class Producers {
  readonly #producers: Map<number, Producer>;
  readonly #maxProducers: number;
  #undo: (() => void)[] = [];

  constructor(snapshot: ProducerSnapshot = [], maxProducers = 1000) {
    this.#producers = new Map(snapshot.map(([id, epoch, batches]) => [id, { epoch, batches }]));
    this.#maxProducers = maxProducers;
  }

  /**
   * The batch this one repeats, if it is a duplicate; nothing if it may be appended.
   * @throws LogProblem `producer_epoch`, `sequence_gap`, or `sequence_known` (repeats one that is no longer remembered)
   */
  check(batch: BatchHeader): RememberedBatch | undefined {
    const known = isIdempotent(batch) ? this.#producers.get(batch.producerId) : undefined;
    if (known === undefined) return undefined;
    const who = `producer ${batch.producerId}`;
    if (batch.producerEpoch < known.epoch) {
      throw new LogProblem(
        'producer_epoch',
        `${who} came with epoch ${batch.producerEpoch}, the last one is ${known.epoch}: another instance took over.`,
      );
    }
    const last = known.batches.at(-1);
    if (batch.producerEpoch > known.epoch || last === undefined) {
      if (batch.baseSequence === 0) return undefined;
      throw new LogProblem(
        'sequence_gap',
        `${who} starts epoch ${batch.producerEpoch} at sequence ${batch.baseSequence}, not 0.`,
      );
    }
    const expected = (last.last + 1) % sequences;
    if (batch.baseSequence === expected) return undefined;
    const same = known.batches.find((b) => b.first === batch.baseSequence && b.last === lastSequence(batch));
    if (same !== undefined) return same;
    if ((expected - batch.baseSequence + sequences) % sequences < sequences / 2) {
      throw new LogProblem('sequence_known', `${who} repeats sequence ${batch.baseSequence}; the next one is ${expected}.`);
    }
    throw new LogProblem('sequence_gap', `${who} sent sequence ${batch.baseSequence}; the next one is ${expected}.`);
  }

  /** Notes a batch that gets these offsets. Until `keep`, `drop` takes it back. */
  note(batch: BatchHeader, baseOffset: number): void {
    if (!isIdempotent(batch)) return;
    const id = batch.producerId;
    const before = this.#producers.get(id);
    const earlier = before?.epoch === batch.producerEpoch ? before.batches.slice(1 - rememberedBatches) : [];
    const lastOffset = baseOffset + batch.recordCount - 1;
    const noted = { first: batch.baseSequence, last: lastSequence(batch), baseOffset, lastOffset };
    this.#producers.delete(id); // the map's order is that of the last batch
    this.#producers.set(id, { epoch: batch.producerEpoch, batches: [...earlier, noted] });
    this.#undo.push(() => {
      if (before === undefined) this.#producers.delete(id);
      else this.#producers.set(id, before);
    });
  }

  keep(): void {
    this.#undo = [];
    for (const id of this.#producers.keys()) {
      if (this.#producers.size <= this.#maxProducers) return;
      this.#producers.delete(id);
    }
  }

  drop(): void {
    for (const undo of this.#undo.reverse()) undo();
    this.#undo = [];
  }

  snapshot(): ProducerSnapshot {
    return [...this.#producers].map(([id, { epoch, batches }]) => [id, epoch, batches]);
  }
}
