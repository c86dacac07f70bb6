import type { Caller } from '@tmws/contracts';

/** Who sends: whose data it is where a resource does not say, and which namespaces a resource may say. */
export type Sender = Pick<Caller, 'namespace' | 'bounds'>;
