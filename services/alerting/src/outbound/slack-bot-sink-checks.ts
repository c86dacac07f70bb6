import type { SlackBotConfig } from '../domain/config/more-receivers.ts';
import { TemplateFault } from '../domain/template/template-fault.ts';
import type { TemplateSet } from '../domain/template/template-set.ts';

/** What no message could be sent with. */
export function slackBotFaults({ api_url: url, channel, title, text }: SlackBotConfig, templates: TemplateSet): string[] {
  const faults: string[] = [];
  for (const [name, template] of Object.entries({ title, text })) {
    try {
      if (template !== undefined) templates.check(template);
    } catch (error) {
      if (!(error instanceof TemplateFault)) throw error;
      faults.push(`${name}: ${error.message}`);
    }
  }
  if (channel !== undefined && !/^(?:[CGD][A-Z0-9]{5,}|#?[^\s#@,]{1,80})$/.test(channel))
    faults.push(`channel must be a channel's id like C0123456789, or its name like #ops (got ${JSON.stringify(channel)})`);
  const address = url === undefined ? undefined : URL.parse(url.reveal());
  if (address === null) faults.push('api_url is no address (it is a secret, so it is not shown)');
  return faults;
}
