// What one sees, as something to take along: a link, a request, a command.
import type { Query } from '../api/url.ts';
import { frozen } from './range.ts';
import { shellWord } from './shell-word.ts';

/** A view as other clients would ask for it. */
export interface ViewSource {
  /** Below `/api/v1/`: `executions/run-42/timeline`. */
  readonly path: string;
  readonly query?: Query;
  /** What the same is asked for with: `['run', 'timeline', 'run-42']`, without `tmws` and without server and namespace. */
  readonly command?: readonly string[];
  /** An SVG of the view, below `/api/v1/`; it is asked for in the theme of the page. */
  readonly picture?: { readonly path: string; readonly query?: Query; readonly name: string };
  /** What the page holds already; otherwise the answer of `path` is fetched. */
  readonly json?: () => unknown;
}

export interface CopyContext {
  /** The address of the page as it is now. */
  readonly href: string;
  readonly namespace: string;
  readonly nowMs: number;
  /** Who asks must say who they are. */
  readonly signedIn?: boolean;
}

export interface CopyText {
  readonly id: 'link' | 'frozen' | 'curl' | 'command';
  readonly label: string;
  readonly text: string;
}

/** Where `tmws` looks when nothing tells it otherwise. */
const defaultServer = 'http://127.0.0.1:8080';

/** The texts that need no request. @param urlOf  `Api.urlOf` of the namespace */
export function copyTexts(source: ViewSource, urlOf: (path: string, query?: Query) => string, context: CopyContext): CopyText[] {
  const { origin } = new URL(context.href);
  const still = frozen(context.href, context.nowMs);
  const texts: CopyText[] = [
    { id: 'link', label: still === undefined ? 'Link' : 'Link, range moves with time', text: context.href },
  ];
  if (still !== undefined) texts.push({ id: 'frozen', label: 'Link, range as it is now', text: still });
  texts.push({
    id: 'curl',
    label: 'curl',
    text: `curl -sS ${context.signedIn === true ? '-H "authorization: Bearer $TMWS_API_KEY" ' : ''}${shellWord(origin + urlOf(source.path, source.query))}`,
  });
  if (source.command !== undefined) {
    const where = origin === defaultServer ? [] : ['--server', origin];
    const whose = context.namespace === '' ? [] : ['--namespace', context.namespace];
    const words = ['tmws', ...source.command, ...whose, ...where];
    texts.push({ id: 'command', label: 'tmws command', text: words.map(shellWord).join(' ') });
  }
  return texts;
}
