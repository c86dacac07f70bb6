// The templates of a configuration: our own, and those of its files over them.
import { defaultTemplates } from './default-templates.ts';
import { defaultTemplateLimits, runTemplate, type TemplateLimits } from './evaluate.ts';
import { functionNames, templateFunctions } from './functions.ts';
import type { TemplateNode } from './nodes.ts';
import { parseTemplate } from './parser.ts';
import type { Value } from './values.ts';

export interface RenderOptions {
  /** Escape values for HTML. */
  readonly html?: boolean;
  readonly limits?: TemplateLimits;
}

export interface TemplateSet {
  /** Throws TemplateFault if the text is no template. Whoever checks a configuration calls this for each of its texts. */
  check(text: string): void;
  /** The text with its actions done. A text without actions comes back as it is. Throws TemplateFault. */
  render(text: string, data: Value, nowMs: number, options?: RenderOptions): string;
}

/** Reads template files over the default templates; of two definitions of a name the later holds. Throws TemplateFault with the file's name. */
export function templateSet(files: readonly { readonly name: string; readonly text: string }[]): TemplateSet {
  const known = new Map<string, TemplateNode[]>();
  for (const { name, text } of [{ name: 'default', text: defaultTemplates }, ...files]) {
    for (const [defined, nodes] of parseTemplate(name, text, functionNames)) known.set(defined, nodes);
  }
  const parsed = (text: string): Map<string, TemplateNode[]> => new Map([...known, ...parseTemplate('', text, functionNames)]);
  return {
    check: (text) => void parsed(text),
    render: (text, data, nowMs, { html = false, limits = defaultTemplateLimits } = {}) =>
      text.includes('{{') || html ? runTemplate(parsed(text), '', data, templateFunctions(nowMs, html), html, limits) : text,
  };
}
