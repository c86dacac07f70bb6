import { createHash } from 'node:crypto';
import { zstdDecompressSync } from 'node:zlib';

/** The content of a kept file. @throws Error when it is not what was kept */
export function unpack(compressed: Uint8Array, { sha256, sizeBytes }: { sha256: string; sizeBytes: number }): Uint8Array {
  const content = zstdDecompressSync(compressed, { maxOutputLength: sizeBytes });
  const found = createHash('sha256').update(content).digest('hex');
  if (found !== sha256) throw new Error(`the kept file has the content ${found}, not ${sha256}: it is damaged`);
  return content;
}
