import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Api } from '../api/api.ts';
import type { Clock } from './clock.ts';
import type { Router } from './router.ts';

/** What every page of the console needs. */
export interface Console {
  router: Router;
  clock: Clock;
  api: Api;
}

export const ConsoleContext = createContext<Console | undefined>(undefined);

export function useConsole(): Console {
  const console = useContext(ConsoleContext);
  if (console === undefined) throw new Error('useConsole() outside of <ConsoleContext.Provider>');
  return console;
}
