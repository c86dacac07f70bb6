const ours = /^[A-Z]+(_[A-Z0-9]+)+$/;
const prefixes = /^(TMWS|GATEWAY|ALERTING|TIMELINE|OTEL)_/;
const secrets = /(KEY|TOKEN|PASSWORD|SECRET|URL|CREDENTIALS?|HEADERS|WEBHOOK)(_FILE)?$/;

/** Settings of the environment, those that may be secret as `(set)`: a file that a secret lies in is named. */
export function settingsOf(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env)
      .filter(([name, value]) => ours.test(name) && prefixes.test(name) && value !== undefined)
      .map(([name, value = '']) => [name, secrets.test(name) && !name.endsWith('_FILE') ? '(set)' : value] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}
