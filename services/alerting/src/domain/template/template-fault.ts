/** Why a template cannot be read, or stopped. Names the template and the line. */
export class TemplateFault extends Error {
  override readonly name = 'TemplateFault';
  readonly template: string;
  readonly line: number;

  constructor(template: string, line: number, reason: string) {
    super(`template ${JSON.stringify(template)}, line ${line}: ${reason}`);
    this.template = template;
    this.line = line;
  }
}
