import { readFile } from 'node:fs/promises';

/** The user that a server runs as which refuses to run as root. */
export async function nobody(): Promise<{ uid: number; gid: number }> {
  const [uid, gid] =
    (await readFile('/etc/passwd', 'utf8'))
      .match(/^nobody:[^:]*:(\d+):(\d+):/m)
      ?.slice(1)
      .map(Number) ?? [];
  if (uid === undefined || gid === undefined)
    throw new Error('the server does not run as root, and there is no user nobody to run it as');
  return { uid, gid };
}
