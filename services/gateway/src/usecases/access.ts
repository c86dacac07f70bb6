import type { Door } from '@tmws/auth';
import type { Audit } from '../access-ports.ts';
import type { ManageKeys } from './manage-keys.ts';
import type { Sessions } from './sessions.ts';

/** What the gateway knows of who may come in. */
export interface Access {
  readonly door: Door;
  readonly keys: ManageKeys;
  readonly sessions: Sessions;
  readonly audit: Audit;
}
