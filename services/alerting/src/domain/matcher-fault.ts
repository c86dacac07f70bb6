/** Why a text is no matcher. The message shows the text, and says what is allowed. */
export class MatcherFault extends Error {
  override readonly name = 'MatcherFault';

  constructor(text: string, reason: string) {
    super(`bad matcher ${JSON.stringify(text.slice(0, 200))}: ${reason}; write name="value", with = != =~ or !~`);
  }
}
