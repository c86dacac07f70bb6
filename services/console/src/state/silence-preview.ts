// What a silence would mute, as the server's own matching says it, while its matchers are written.
import { batch, type ReadonlySignal, signal } from '@preact/signals';
import type { SuggestSilenceResponseJson } from '@tmws/contracts/silences';
import { type Api, ApiProblem } from '../api/api.ts';
import type { Matcher } from '../model/label-matcher.ts';
import { type Preview, readPreview } from '../model/silence.ts';

export interface SilencePreview {
  /** Of the matchers asked for last; undefined while that is not known. */
  readonly preview: ReadonlySignal<Preview | undefined>;
  /** What is wrong with the matchers, or why it is not known. */
  readonly problem: ReadonlySignal<ApiProblem | undefined>;
  /** Asked when nothing more is written for a moment; the last question wins. */
  ask(matchers: readonly Matcher[]): void;
  close(): void;
}

const pauseMs = 250;

export function openSilencePreview(api: Api): SilencePreview {
  const preview = signal<Preview | undefined>(undefined);
  const problem = signal<ApiProblem | undefined>(undefined);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = '';
  let first = true;
  const load = async (body: string): Promise<void> => {
    try {
      const json = await api.post<SuggestSilenceResponseJson>('silences/preview', JSON.parse(body));
      if (body !== asked) return;
      batch(() => {
        preview.value = readPreview(json);
        problem.value = undefined;
      });
    } catch (error) {
      if (body !== asked) return;
      batch(() => {
        preview.value = undefined;
        problem.value = ApiProblem.from(error);
      });
    }
  };
  return {
    preview,
    problem,
    ask(matchers) {
      const body = JSON.stringify({ matchers, limit: 20 });
      if (body === asked) return;
      asked = body;
      clearTimeout(timer);
      if (matchers.length === 0) {
        batch(() => {
          preview.value = undefined;
          problem.value = undefined;
        });
        return;
      }
      // What is there from the start needs no pause.
      timer = setTimeout(() => void load(body), first ? 0 : pauseMs);
      first = false;
    },
    close() {
      clearTimeout(timer);
      asked = '';
    },
  };
}
