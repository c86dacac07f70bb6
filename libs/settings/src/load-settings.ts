import { readFileSync } from 'node:fs';
import { Problem } from '@tmws/problems';
import type { Setting } from './kinds.ts';

/** The settings of one part of the system, by the name its code uses. */
export type Settings = Readonly<Record<string, Setting<unknown>>>;

/** The values: a setting with a default always has one. */
export type SettingsOf<S extends Settings> = {
  readonly [K in keyof S]: S[K] extends Setting<infer T> ? (S[K] extends { defaultText: string } ? T : T | undefined) : never;
};

/**
 * Reads settings from the environment, once.
 *
 * An empty variable counts as absent. A wrong value never becomes a default: all mistakes are reported together,
 * secrets unprinted.
 *
 * @param owner  whose settings these are, for the message: `gateway`
 * @throws Problem `precondition` that lists every mistake
 */
export function loadSettings<S extends Settings>(owner: string, settings: S, env: NodeJS.ProcessEnv): SettingsOf<S> {
  const mistakes: string[] = [];
  const entries = Object.entries(settings).map(([name, setting]) => {
    const given = givenText(setting, env, mistakes) ?? setting.defaultText;
    if (given === undefined) return [name, undefined];
    const value = setting.parse(given);
    if (value === undefined)
      mistakes.push(`${setting.env} must be ${setting.expects}${setting.secret ? '' : ` (got ${JSON.stringify(given)})`}`);
    return [name, value];
  });
  if (mistakes.length > 0) {
    const count = mistakes.length === 1 ? '1 setting' : `${mistakes.length} settings`;
    throw new Problem(
      'precondition',
      `${count} of ${owner} ${mistakes.length === 1 ? 'is' : 'are'} wrong: ${mistakes.join('; ')}`,
    );
  }
  return Object.fromEntries(entries) as SettingsOf<S>;
}

function givenText(setting: Setting<unknown>, env: NodeJS.ProcessEnv, mistakes: string[]): string | undefined {
  const direct = env[setting.env];
  const file = setting.secret ? env[`${setting.env}_FILE`] : undefined;
  if (file === undefined || file === '') return direct === '' ? undefined : direct;
  if (direct !== undefined && direct !== '') {
    mistakes.push(`${setting.env} and ${setting.env}_FILE are both set; keep one`);
    return undefined;
  }
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    mistakes.push(
      `${setting.env}_FILE names a file that cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`,
    );
    return undefined;
  }
}
