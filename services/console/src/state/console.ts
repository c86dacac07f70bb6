import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Api } from '../api/api.ts';
import type { Announcer } from './announcer.ts';
import type { Clock } from './clock.ts';
import type { Connection } from './connection.ts';
import type { Keyboard } from './keyboard.ts';
import type { Live } from './live.ts';
import type { Operations } from './operations.ts';
import type { Router } from './router.ts';
import type { Session } from './session.ts';
import type { Theming } from './theming.ts';

/** What every page of the console needs. */
export interface Console {
  router: Router;
  clock: Clock;
  theming: Theming;
  keyboard: Keyboard;
  announcer: Announcer;
  connection: Connection;
  session: Session;
  /** Of the namespace, as all below. */
  api: Api;
  live: Live;
  operations: Operations;
}

export const ConsoleContext = createContext<Console | undefined>(undefined);

export function useConsole(): Console {
  const console = useContext(ConsoleContext);
  if (console === undefined) throw new Error('useConsole() outside of <ConsoleContext.Provider>');
  return console;
}
