/** Where `ui/boot.ts` leaves its question who is signed in, asked while the scripts are still on their way. */
declare global {
  var tmwsSession: Promise<Response | undefined> | undefined;
}

export const sessionUrl = '/api/v1/session';

export function askSessionEarly(): void {
  globalThis.tmwsSession = fetch(sessionUrl, { cache: 'no-store' }).catch(() => undefined);
}

/** The early answer, once; undefined if there was none. */
export async function earlyAnswer(): Promise<Response | undefined> {
  const asked = globalThis.tmwsSession;
  globalThis.tmwsSession = undefined;
  return await asked;
}
