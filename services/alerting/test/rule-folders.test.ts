// Folders of rules as Kubernetes mounts them, and as people edit them.
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openLogger, openMetrics } from '@tmws/telemetry';
import { eventually, tempDir } from '@tmws/testkit';
import { openDetection } from '../src/open-detection.ts';
import { readRuleFolders } from '../src/outbound/rule-folders.ts';

const rule = (id: string, more = '') =>
  `title: ${id}\nid: ${id}\nlogsource: {product: tmws}\ndetection: {s: {reason: ${id}}, condition: s}\n${more}`;

let dir: Awaited<ReturnType<typeof tempDir>>;
beforeEach(async () => {
  dir = await tempDir('rules');
});
afterEach(() => dir.remove());

const detection = (rulesDir = dir.path) =>
  openDetection({
    config: { rulesDir, atrDir: undefined, sourcesFile: undefined, securityEventForMs: 3_600_000, giveUpAfterMs: 86_400_000 },
    ...{ clock: Date.now, logger: openLogger('test', 'silent'), metrics: openMetrics(), taken: () => undefined },
    pollEveryMs: 100,
  });

test('what is put into the folder, changed and taken away is in force by itself', async () => {
  await writeFile(join(dir.path, 'a.yml'), rule('a'));
  const found = await detection();
  const ids = () => [...found.current().set.running.keys()];
  try {
    expect(ids()).toEqual(['a']);
    await mkdir(join(dir.path, 'more'));
    await writeFile(join(dir.path, 'more', 'b.yaml'), rule('b'));
    await eventually(() => expect(ids()).toEqual(['a', 'b']));
    await writeFile(join(dir.path, 'a.yml'), `${rule('a')}---\nnonsense: [\n`);
    await eventually(() => expect(found.current().set.refused).toHaveLength(1));
    expect(found.current().set.refused[0]).toMatchObject({ source: 'a.yml', faults: [{ line: expect.any(Number) as number }] });
    await rm(join(dir.path, 'more'), { recursive: true });
    await eventually(() => expect(ids()).not.toContain('b'));
  } finally {
    await found.close();
  }
});

test('a ConfigMap that is mounted anew, its folder swapped behind a link, is read once and whole', async () => {
  await mkdir(join(dir.path, '..one'));
  await writeFile(join(dir.path, '..one', 'a.yml'), rule('a'));
  await symlink('..one', join(dir.path, '..data'));
  await symlink('..data/a.yml', join(dir.path, 'a.yml'));
  const found = await detection();
  try {
    expect([...found.current().set.running.keys()]).toEqual(['a']);
    await mkdir(join(dir.path, '..two'));
    await writeFile(join(dir.path, '..two', 'a.yml'), rule('z'));
    await symlink('..two', join(dir.path, '..next'));
    await rename(join(dir.path, '..next'), join(dir.path, '..data'));
    await eventually(() => expect([...found.current().set.running.keys()]).toEqual(['z']));
  } finally {
    await found.close();
  }
});

test('a folder that is gone at a reload leaves the rules in force, and one that is not there at the start is named', async () => {
  const folder = join(dir.path, 'rules');
  await mkdir(folder);
  await writeFile(join(folder, 'a.yml'), rule('a'));
  const found = await detection(folder);
  try {
    await rm(folder, { recursive: true });
    await expect(found.reload()).rejects.toThrow(`rules cannot be read from ${folder}: it is not there`);
    expect([found.last().ok, ...found.current().set.running.keys()]).toEqual([false, 'a']);
  } finally {
    await found.close();
  }
  await expect(readRuleFolders([folder])).rejects.toThrow('it is not there');
});

test('a file that leads nowhere or is too large is refused by its name, and the others run', async () => {
  await writeFile(join(dir.path, 'a.yml'), rule('a'));
  await symlink('nowhere.yml', join(dir.path, 'link.yml'));
  await symlink('ring.yml', join(dir.path, 'ring.yml'));
  await writeFile(join(dir.path, 'large.yml'), '#'.repeat(2 ** 20 + 1));
  await writeFile(join(dir.path, 'nested.yml'), rule('nested').replace('reason: nested', `reason|re: '${'('.repeat(5_000)}'`));
  const found = await detection();
  try {
    const { running, refused } = found.current().set;
    expect([...running.keys()]).toEqual(['a']);
    expect(Object.fromEntries(refused.map(({ source, faults }) => [source, faults[0]?.message]))).toEqual({
      'link.yml': 'the file cannot be read: it is not there',
      'ring.yml': 'the file cannot be read: it is a link to itself',
      'large.yml': 'the file has 1048577 bytes; a file of rules has at most 1048576: split it',
      'nested.yml': expect.stringContaining('groups nest at most 200 deep') as string,
    });
    await rm(join(dir.path, 'link.yml'));
    await eventually(() => expect(found.current().set.refused.map(({ source }) => source)).not.toContain('link.yml'));
  } finally {
    await found.close();
  }
});
