import { type Change, type DurableMap } from '@tmws/log';

export interface CommittedOffset {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly metadata: string;
}

/** What the groups committed, durable before it is acknowledged; kept until the group or the topic is deleted. */
export class CommittedOffsets {
  readonly #durable: DurableMap<CommittedOffset>;
  /** By group, then by topic and partition. */
  readonly #groups = new Map<string, Map<string, CommittedOffset>>();

  constructor(durable: DurableMap<CommittedOffset>) {
    this.#durable = durable;
    for (const [key, offset] of durable.entries()) this.#note((JSON.parse(key) as [string])[0], offset);
  }

  groupIds(): string[] {
    return [...this.#groups.keys()];
  }

  of(groupId: string): CommittedOffset[] {
    return [...(this.#groups.get(groupId)?.values() ?? [])];
  }

  get(groupId: string, topic: string, partition: number): CommittedOffset | undefined {
    return this.#groups.get(groupId)?.get(placeOf({ topic, partition }));
  }

  async commit(groupId: string, offsets: readonly CommittedOffset[]): Promise<void> {
    await this.#durable.put(offsets.map((offset) => [keyOf(groupId, offset), offset]));
    for (const offset of offsets) this.#note(groupId, offset);
  }

  async deleteGroup(groupId: string): Promise<void> {
    await this.#durable.put(this.of(groupId).map((offset) => [keyOf(groupId, offset), undefined]));
    this.#groups.delete(groupId);
  }

  async deleteTopic(topic: string): Promise<void> {
    const changes: Change<CommittedOffset>[] = [];
    for (const [groupId, offsets] of this.#groups) {
      for (const [place, offset] of offsets) {
        if (offset.topic !== topic) continue;
        changes.push([keyOf(groupId, offset), undefined]);
        offsets.delete(place);
      }
      if (offsets.size === 0) this.#groups.delete(groupId);
    }
    await this.#durable.put(changes);
  }

  async close(): Promise<void> {
    await this.#durable.close();
  }

  #note(groupId: string, offset: CommittedOffset): void {
    const offsets = this.#groups.get(groupId) ?? new Map<string, CommittedOffset>();
    this.#groups.set(groupId, offsets.set(placeOf(offset), offset));
  }
}

const placeOf = ({ topic, partition }: { topic: string; partition: number }): string => `${topic}/${partition}`;
const keyOf = (groupId: string, { topic, partition }: CommittedOffset): string => JSON.stringify([groupId, topic, partition]);
