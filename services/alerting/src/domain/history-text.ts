// What happened to an alert, in words.
import { formatInstant } from './instant.ts';

interface Happened {
  readonly kind: string;
  readonly doc: Readonly<Record<string, unknown>>;
}

/** What a person said, where one did; else a sentence. Empty where the kind says it all. */
export function tellEntry({ kind, doc }: Happened): string {
  const word = (name: string): string => (typeof doc[name] === 'string' ? doc[name] : '');
  const when = (name: string): string => (typeof doc[name] === 'number' ? formatInstant(doc[name]) : '');
  const said = word('text');
  if (said !== '') return said;
  switch (kind) {
    case 'fired':
      return `It fires since ${when('startsAtMs')}.`;
    case 'changed':
      return 'Its annotations changed.';
    case 'resolved':
      return `It ended at ${when('endsAtMs')}.`;
    case 'judged':
      return judgedText(word('verdict'));
    case 'assigned':
      return word('assignee') === '' ? "It is nobody's any more." : `It is ${possessive(word('assignee'))}.`;
    case 'notified':
      return `${word('receiver')} was told by ${word('integration')}: ${word('reason')}.`;
    case 'undeliverable':
      return `${word('receiver')} could not be told by ${word('integration')}: ${word('error')}`;
    case 'replayed':
      return `What ${word('receiver')} could not be told by ${word('integration')} is sent again.`;
    default:
      return '';
  }
}

const possessive = (name: string): string => `${name}'s`;

const judgedText = (verdict: string): string =>
  verdict === '' ? 'What was said of it is taken back.' : `The rule was ${verdict === 'true_positive' ? 'right' : 'wrong'}.`;
