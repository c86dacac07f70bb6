import type { SlackBotConfig } from '../domain/config/more-receivers.ts';
import type { NotificationDoc } from '../ports.ts';
import type { GroupCare } from '../read-ports.ts';
import type { Rendering } from './sink-templates.ts';

export type Block = Readonly<Record<string, unknown>>;

/**
 * Slack's, in characters, and the number of blocks and fields. Sources: docs.slack.dev, Block Kit reference; the limit of a whole message
 * is not documented: about 13,200 characters fail with msg_blocks_too_long.
 */
export const limits = { blocks: 50, section: 3_000, fields: 10, field: 2_000, header: 150, whole: 12_000 } as const;

/** What a message is made of. */
export interface MessageParts {
  readonly config: SlackBotConfig;
  readonly doc: NotificationDoc;
  /** `plain`: of the data as it is; `marked`: with its values escaped. */
  readonly plain: Rendering;
  readonly marked: Rendering;
  readonly namespace: string;
  readonly care: GroupCare;
  /** Buttons do something: there is a secret by which Slack's request is known. */
  readonly buttons: boolean;
}
