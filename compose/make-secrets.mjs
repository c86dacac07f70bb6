// Makes the secrets of `docker compose up`: what is not there yet is made at random, what is there stays. Each folder below
// /secrets is a volume of its own, mounted only where its files are read; within it everybody may read, since the images' users differ.
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/** What the file says; made first if it is not there. Renamed into place, so that a kill leaves no half of one. */
function kept(path, make) {
  if (!existsSync(path)) {
    writeFileSync(`${path}.part`, make());
    chmodSync(`${path}.part`, 0o444);
    renameSync(`${path}.part`, path);
    process.stdout.write(`made ${path}\n`);
  }
  return readFileSync(path, 'utf8').trim();
}

const random = () => `${randomBytes(32).toString('hex')}\n`;

const password = kept('/secrets/postgres/password', random);
kept('/secrets/fleet/database-url', () => `postgres://tmws:${password}@postgres:5432/tmws\n`);
kept('/secrets/fleet/service-token', random);
kept('/secrets/admin/admin-key', random);
kept('/secrets/redis/redis.conf', () => `requirepass ${randomBytes(32).toString('hex')}\ndir /data\nappendonly yes\n`);
