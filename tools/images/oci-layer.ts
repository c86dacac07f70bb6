// A folder as a layer of an image, without an engine: the same files give the same bytes, so a registry takes them once.
import { spawn } from 'node:child_process';
import { createHash, type Hash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

/** A layer as it is stored: a gzipped tar with its digests (`sha256:…`). */
export interface Layer {
  readonly file: string;
  /** Of the gzipped bytes. */
  readonly digest: string;
  /** Of the tar inside. */
  readonly diffId: string;
  readonly sizeBytes: number;
}

export interface LayerChoice {
  /** Paths below the root that are taken; absent: all of it. */
  readonly only?: readonly string[];
  /** Paths below the root that are left out, as tar's patterns. */
  readonly without?: readonly string[];
  /** Whose the files are; 0 if absent. */
  readonly owner?: number;
}

/**
 * Packs what lies in `root` into `file`. Owner, times and order come from here and not from the disk.
 *
 * @throws when tar (GNU's) fails; the error has its words
 */
export async function packLayer(root: string, file: string, choice: LayerChoice = {}): Promise<Layer> {
  const { only = ['.'], without = [], owner = 0 } = choice;
  const args = ['--sort=name', '--mtime=@0', `--owner=${owner}`, `--group=${owner}`, '--numeric-owner', '--format=gnu'];
  const patterns = without.map((path) => `--exclude=./${path}`);
  const tar = spawn('tar', ['-C', root, ...args, ...patterns, '-cf', '-', ...only.map((path) => `./${path}`)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let words = '';
  tar.stderr.on('data', (chunk: Buffer) => (words += chunk.toString()));
  const ended = new Promise<number | null>((resolve, reject) => tar.once('error', reject).once('close', resolve));
  const [inside, outside] = [createHash('sha256'), createHash('sha256')];
  await pipeline(tar.stdout, counted(inside), createGzip({ level: 1 }), counted(outside), createWriteStream(file));
  const code = await ended;
  if (code !== 0) throw new Error(`tar could not pack ${root} (exit code ${String(code)}): ${words.trim()}`);
  const { size } = await stat(file);
  return { file, digest: `sha256:${outside.digest('hex')}`, diffId: `sha256:${inside.digest('hex')}`, sizeBytes: size };
}

const counted = (hash: Hash): Transform =>
  new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
