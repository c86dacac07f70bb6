// Keys of backups. The key file's key opens one thing only: the random data key of a backup, which encrypts its chunks and seals its manifest.
import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { Problem } from '@tmws/problems';

/** What a key file holds. */
export interface BackupKey {
  readonly bytes: Buffer;
  /** Tells keys apart, says nothing of the key. */
  readonly id: string;
}

/** A data key as it lies in a manifest: AES-256-GCM under the key of the key file. All texts are hex. */
export interface WrappedKey {
  readonly keyId: string;
  readonly nonce: string;
  readonly sealed: string;
}

/**
 * Reads a key file: 32 bytes as 64 hex digits or as base64.
 *
 * @throws Problem `invalid` when it holds something else, `precondition` when it cannot be read
 */
export async function readKeyFile(path: string): Promise<BackupKey> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new Problem(
      'precondition',
      `the key file ${path} cannot be read (${code}); \`tmws admin backup --new-key FILE\` makes one`,
    );
  });
  const bytes = keyBytes(text.trim());
  if (bytes === undefined)
    throw new Problem(
      'invalid',
      `the key file ${path} must hold 32 bytes as 64 hex digits or as base64 (it has ${text.trim().length} characters); \`tmws admin backup --new-key FILE\` makes one`,
    );
  return { bytes, id: createHash('sha256').update('tmws backup key').update(bytes).digest('hex').slice(0, 16) };
}

/** Makes a key file only its owner may read. @throws Problem `conflict` when there is a file already: a key is never overwritten */
export async function writeNewKey(path: string): Promise<void> {
  const file = await open(path, 'wx', 0o600).catch((error: unknown) => {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST')
      throw new Problem('conflict', `${path} is there already and stays as it is; name a file that is not there`);
    throw new Problem('precondition', `${path} cannot be written (${code})`);
  });
  try {
    await file.write(`${randomBytes(32).toString('hex')}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}

export function wrapKey({ bytes, id }: BackupKey, dataKey: Buffer): WrappedKey {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', bytes, nonce).setAAD(Buffer.from('tmws backup data key'));
  const sealed = Buffer.concat([cipher.update(dataKey), cipher.final(), cipher.getAuthTag()]);
  return { keyId: id, nonce: nonce.toString('hex'), sealed: sealed.toString('hex') };
}

/** @throws Problem `forbidden` when the backup was made with another key */
export function unwrapKey({ bytes, id }: BackupKey, { keyId, nonce, sealed }: WrappedKey): Buffer {
  const all = Buffer.from(sealed, 'hex');
  try {
    const decipher = createDecipheriv('aes-256-gcm', bytes, Buffer.from(nonce, 'hex')).setAAD(
      Buffer.from('tmws backup data key'),
    );
    decipher.setAuthTag(all.subarray(-16));
    return Buffer.concat([decipher.update(all.subarray(0, -16)), decipher.final()]);
  } catch (cause) {
    const why = keyId === id ? 'its header was changed' : `it was made with key ${keyId}, and the key file holds key ${id}`;
    throw new Problem('forbidden', `the backup cannot be opened with this key: ${why}`, { cause });
  }
}

/** What vouches for a manifest: an HMAC by the data key; without encryption a plain SHA-256, which finds damage but no forgery. */
export function sealOf(manifest: Buffer, dataKey: Buffer | undefined): string {
  if (dataKey === undefined) return createHash('sha256').update(manifest).digest('hex');
  const key = Buffer.from(hkdfSync('sha256', dataKey, '', 'tmws backup manifest', 32));
  return createHmac('sha256', key).update(manifest).digest('hex');
}

function keyBytes(text: string): Buffer | undefined {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
  const bytes = Buffer.from(text, 'base64');
  return /^[A-Za-z0-9+/_-]{43}=?$/.test(text) && bytes.length === 32 ? bytes : undefined;
}
