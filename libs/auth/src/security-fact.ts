import type { Principal } from './principal.ts';

/** Where a request came from and what it was about, for the audit. */
export interface Source {
  readonly ip: string;
  readonly userAgent: string;
  /** `POST /api/v1/events`, `tmws.timeline.v1.TimelineService/GetExecution`, `kafka`. */
  readonly method: string;
  /** The thing itself: a path, a topic. */
  readonly resource: string;
}

/** What is worth a line in the audit. */
export interface SecurityFact {
  readonly type: 'tmws.auth.succeeded' | 'tmws.auth.failed' | 'tmws.auth.ended' | 'tmws.permission.denied' | 'tmws.admin.acted';
  /** Empty when nobody is known. */
  readonly principal: string;
  /** `slack`: its signature vouches for the name. */
  readonly by: Principal['by'] | 'slack';
  readonly credential: string;
  readonly source: Source;
  /** Why it was refused, or what was done. Never a secret. */
  readonly reason: string;
  readonly namespace: string;
  /** How many of the kind it stands for; absent: 1. */
  readonly times?: number;
}
