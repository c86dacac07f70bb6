import { useSignal } from '@preact/signals';
import type { SilenceJson } from '@tmws/contracts/silences';
import { useEffect, useId, useMemo, useRef } from 'preact/hooks';
import { ApiProblem } from '../../api/api.ts';
import {
  endOf,
  lackOf,
  type Lasting,
  lastings,
  lastingWords,
  silenceBody,
  type SilenceDraft,
  silenceWords,
  writtenMatchers,
} from '../../model/silence.ts';
import { formatInstant } from '../../model/when.ts';
import { instantMs } from '../../model/alert.ts';
import { useConsole } from '../../state/console.ts';
import { openSilencePreview } from '../../state/silence-preview.ts';
import { MatcherRows } from './matcher-rows.tsx';
import { PreviewCounts, PreviewNote } from './preview-note.tsx';

interface Props {
  draft: SilenceDraft;
  onSaved(words: string, undo: (() => Promise<unknown>) | undefined): void;
  onClose(): void;
}

/** Writes a silence. What it would mute is asked of the server while it is written, and stands on the button. */
export function SilenceForm({ draft: given, onSaved, onClose }: Props) {
  const { api, clock } = useConsole();
  const draft = useSignal(given);
  const lack = useSignal<ReturnType<typeof lackOf>>(undefined);
  const refused = useSignal<ApiProblem | undefined>(undefined);
  const busy = useSignal(false);
  const form = useRef<HTMLFormElement>(null);
  const { preview, problem, ask, close } = useMemo(() => openSilencePreview(api), [api]);
  const id = useId();
  const now = draft.value;
  const change = (part: Partial<SilenceDraft>): void => {
    draft.value = { ...draft.value, ...part };
    lack.value = undefined;
    refused.value = undefined;
  };
  useEffect(() => ask(writtenMatchers(now)), [now.matchers]);
  useEffect(() => close, [close]);
  useEffect(
    () =>
      form.current?.querySelector<HTMLElement>(given.id === '' && given.matchers[0]?.name !== '' ? 'textarea' : 'input')?.focus(),
    [],
  );
  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    const nowMs = Date.now();
    lack.value = lackOf(now, nowMs);
    if (lack.value !== undefined) {
      form.current?.querySelector<HTMLElement>(`[data-part="${lack.value.at}"] :is(textarea, input)`)?.focus();
      return;
    }
    busy.value = true;
    try {
      const body = silenceBody(now, nowMs);
      const saved =
        now.id === ''
          ? await api.post<SilenceJson>('silences', body)
          : await api.put<SilenceJson>(`silences/${encodeURIComponent(now.id)}`, body);
      const count = preview.value?.now ?? 0;
      const made = now.id === '';
      onSaved(
        made ? `Silenced ${count === 1 ? '1 alert' : `${count.toLocaleString('en')} alerts`}` : 'The silence is changed',
        made && saved.id !== undefined ? () => api.delete(`silences/${encodeURIComponent(saved.id ?? '')}`) : undefined,
      );
    } catch (error) {
      refused.value = ApiProblem.from(error);
    }
    busy.value = false;
  };
  const startMs = instantMs(now.starts) ?? clock.wall.value;
  const endMs = endOf(now, startMs);
  const at = (part: string): string | undefined => (lack.value?.at === part ? lack.value.words : undefined);
  return (
    <form
      ref={form}
      class="part silence-form"
      aria-label={now.id === '' ? 'New silence' : 'Change the silence'}
      onSubmit={(event) => void save(event)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        onClose();
      }}
    >
      <div class="silence-fields">
        <div data-part="matchers">
          <MatcherRows matchers={now.matchers} onChange={(matchers) => change({ matchers })} />
          <Lack words={at('matchers') ?? (problem.value?.status === 400 ? problem.value.message : undefined)} />
        </div>
        <fieldset class="lasting" data-part="ends">
          <legend>It lasts</legend>
          {lastings.map((each: Lasting) => (
            <label key={each} class="choice">
              <input type="radio" name={`${id}-lasts`} checked={now.lasts === each} onChange={() => change({ lasts: each })} />
              {lastingWords[each]}
            </label>
          ))}
          {now.lasts === 'exact' && (
            <input
              type="datetime-local"
              aria-label="It ends at"
              value={now.ends}
              onInput={(event) => change({ ends: event.currentTarget.value })}
            />
          )}
          <details open={now.starts !== ''}>
            <summary>Begins later</summary>
            <input
              type="datetime-local"
              aria-label="It begins at; empty is now"
              value={now.starts}
              onInput={(event) => change({ starts: event.currentTarget.value })}
            />
          </details>
          <Lack words={at('ends')} />
          {endMs !== undefined && <p class="quiet">It ends on {formatInstant(endMs).replace(/ \(.*\)$/, '')}.</p>}
        </fieldset>
        <div class="field" data-part="comment">
          <label for={`${id}-comment`}>Why</label>
          <textarea
            id={`${id}-comment`}
            rows={2}
            value={now.comment}
            aria-invalid={at('comment') !== undefined}
            placeholder="For whoever finds it: what is being done, until when"
            onInput={(event) => change({ comment: event.currentTarget.value })}
          />
          <Lack words={at('comment')} />
        </div>
      </div>
      {refused.value !== undefined && (
        <p class="problem-line">
          <strong>{refused.value.title}.</strong> {refused.value.message}
        </p>
      )}
      <div class="silence-foot">
        <div class="actions">
          <button type="submit" class="primary" disabled={busy.value}>
            {silenceWords(preview.value, now.id === '')}
          </button>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
        </div>
        <PreviewCounts preview={preview.value} />
      </div>
      <PreviewNote preview={preview.value} problem={problem.value} nothing={writtenMatchers(now).length === 0} />
    </form>
  );
}

function Lack({ words }: { words: string | undefined }) {
  return words === undefined ? null : <p class="problem-line">{words}</p>;
}
