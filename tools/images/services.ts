// What there is to make images of: every service with a `main.ts`, so that one that is added needs no line here.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export const workspace = join(import.meta.dirname, '../..');

/** The folders of `services/` that are programs. */
export function imageNames(): string[] {
  const services = join(workspace, 'services');
  return readdirSync(services).filter((name) => existsSync(join(services, name, 'src/main.ts')));
}

/** @throws Error when there is no such program */
export function assertImageName(name: string | undefined): asserts name is string {
  const names = imageNames();
  if (name === undefined || !names.includes(name)) {
    throw new Error(`there is no image ${JSON.stringify(name ?? '')}; SERVICE is one of ${names.join(', ')}`);
  }
}

/** Programs that bring stores of their own (an embedded Postgres); the others are replicas of servers' clients. */
export const hasEmbeddedStores = (name: string): boolean => name === 'fleet';
