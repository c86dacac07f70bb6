// Topics on the disk: a folder `<name>~<number>` each, with `topic.json` and one folder a partition (made with its first record).
// The number keeps a topic apart from an earlier one of its name, and from one whose name differs in case only. A topic exists when
// its folder has its name: it is made and removed under another one (`.new`, `.gone`), so neither can be seen half done.
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { replaceFile, syncFolder } from './files.ts';
import { type TopicSettings } from './topic-settings.ts';

export interface StoredTopic {
  readonly name: string;
  readonly number: number;
  readonly partitions: number;
  /** What the topic sets itself. */
  readonly settings: Partial<TopicSettings>;
}

const folderOf = (root: string, topic: StoredTopic): string => `${root}/${topic.name}~${topic.number}`;
const leftover = /\.(new|gone)$/;

export class TopicStore {
  readonly #root: string;
  #lastNumber = 0;

  constructor(root: string) {
    this.#root = root;
  }

  /** Reads all topics and clears away what was left half made or half removed. */
  async load(): Promise<StoredTopic[]> {
    await mkdir(this.#root, { recursive: true });
    const names = await readdir(this.#root);
    for (const name of names.filter((n) => leftover.test(n))) await rm(`${this.#root}/${name}`, { recursive: true, force: true });
    const folders = names.filter((name) => !leftover.test(name) && name.includes('~'));
    const topics = await Promise.all(
      folders.map(async (name) => JSON.parse(await readFile(`${this.#root}/${name}/topic.json`, 'utf8')) as StoredTopic),
    );
    this.#lastNumber = Math.max(0, ...topics.map((topic) => topic.number));
    return topics;
  }

  async create(name: string, partitions: number, settings: Partial<TopicSettings>): Promise<StoredTopic> {
    this.#lastNumber++;
    const topic = { name, number: this.#lastNumber, partitions, settings };
    const folder = folderOf(this.#root, topic);
    await mkdir(`${folder}.new`);
    await replaceFile(`${folder}.new/topic.json`, JSON.stringify(topic), { sync: true });
    await rename(`${folder}.new`, folder);
    await syncFolder(this.#root);
    return topic;
  }

  async update(topic: StoredTopic): Promise<void> {
    await replaceFile(`${folderOf(this.#root, topic)}/topic.json`, JSON.stringify(topic), { sync: true });
  }

  async remove(topic: StoredTopic): Promise<void> {
    const folder = folderOf(this.#root, topic);
    await rename(folder, `${folder}.gone`);
    await syncFolder(this.#root);
    await rm(`${folder}.gone`, { recursive: true, force: true });
  }

  partitionFolder(topic: StoredTopic, partition: number): string {
    return `${folderOf(this.#root, topic)}/${partition}`;
  }
}
