import { Problem } from '@tmws/problems';

const withinMs = 10_000;

/** POSTs to an address that is a secret. @throws Problem `unavailable` without the address, when the answer is no 2xx */
export function heartbeatPost(url: string): () => Promise<void> {
  return async () => {
    const response = await fetch(url, {
      method: 'POST',
      body: '',
      redirect: 'manual',
      signal: AbortSignal.timeout(withinMs),
    }).catch((error: unknown) => {
      const code = (error as { cause?: { code?: unknown } }).cause?.code;
      throw new Problem('unavailable', `the watchdog does not answer (${typeof code === 'string' ? code : 'no reason given'})`);
    });
    await response.body?.cancel();
    if (!response.ok) throw new Problem('unavailable', `the watchdog answered ${response.status}`);
  };
}
