import { openTestDatabase } from './open-core.ts';
import { slackActionsContract } from './slack-actions.contract.ts';

const { TMWS_TEST_DATABASE_URL: url18 = '' } = process.env;

describe('buttons in Slack on PostgreSQL 18', () => slackActionsContract(() => openTestDatabase(url18)));
