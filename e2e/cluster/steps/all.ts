import type { Step } from '../stage.ts';
import { backup } from './backup.ts';
import { disruptions } from './disruptions.ts';
import { events } from './events.ts';
import { install } from './install.ts';
import { policies } from './policies.ts';
import { restarts } from './restarts.ts';
import { scaling } from './scaling.ts';
import { uninstall } from './uninstall.ts';
import { upgrade } from './upgrade.ts';

/** In this order: each goes on from what the one before left. */
export const steps: readonly Step[] = [install, events, policies, scaling, upgrade, restarts, disruptions, backup, uninstall];
