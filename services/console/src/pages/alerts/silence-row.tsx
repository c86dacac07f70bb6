import { useSignal } from '@preact/signals';
import type { SilenceJson } from '@tmws/contracts/silences';
import { useEffect, useRef } from 'preact/hooks';
import { ApiProblem } from '../../api/api.ts';
import { matcherText } from '../../model/label-matcher.ts';
import { endsSoon, type Silence } from '../../model/silence.ts';
import { linkTo, withParameters } from '../../state/address.ts';
import type { AlertActions } from '../../state/alert-actions.ts';
import { useConsole } from '../../state/console.ts';
import { Ago } from '../../ui/alert-age.tsx';
import { LinkedText } from '../../ui/alert-text.tsx';

interface Props {
  silence: Silence;
  actions: AlertActions;
  mayAct: boolean;
  /** It is the one a link names. */
  chosen: boolean;
  onEdit(): void;
  onChanged(): void;
}

const extendMs = 3_600e3;

/** One silence: what it mutes, until when, whose and why; and what can be done with it. */
export function SilenceRow({ silence, actions, mayAct, chosen, onEdit, onChanged }: Props) {
  const { api, clock, router } = useConsole();
  const row = useRef<HTMLLIElement>(null);
  const problem = useSignal('');
  useEffect(() => {
    if (chosen) row.current?.scrollIntoView({ block: 'center' });
  }, [chosen]);
  const path = `silences/${encodeURIComponent(silence.id)}`;
  const matchers = silence.matchers.map(matcherText).join(', ');
  const attempt = async (words: string, work: () => Promise<unknown>, undo?: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
      problem.value = '';
      actions.tell(words, undo);
    } catch (error) {
      problem.value = ApiProblem.from(error).message;
    }
    onChanged();
  };
  const put = (endsMs: number): Promise<SilenceJson> =>
    api.put<SilenceJson>(path, {
      matchers: silence.matchers,
      startsAt: new Date(silence.startsMs).toISOString(),
      endsAt: new Date(endsMs).toISOString(),
      comment: silence.comment,
    });
  const soon = endsSoon(silence, clock.wall.value);
  const muted = new URL(linkTo({ name: 'alerts', view: 'groups' }, router.search.value), location.origin);
  const mutedHref = `${muted.pathname}?${withParameters(muted.searchParams, { filter: matchers, state: 'suppressed' }).toString()}`;
  return (
    <li ref={row} class={`card silence ${silence.state}${chosen ? ' chosen' : ''}`}>
      <ul class="matcher-list" aria-label="Matchers">
        {silence.matchers.map((matcher) => (
          <li key={matcherText(matcher)}>
            <code>{matcherText(matcher)}</code>
          </li>
        ))}
      </ul>
      <p class="card-summary">
        <LinkedText text={silence.comment} />
      </p>
      <div class="card-foot">
        <ul class="alert-state">
          {silence.state === 'active' && (
            <li class="fact-count">
              {silence.mutedCount === 0 ? (
                'mutes nothing now'
              ) : (
                <a href={mutedHref}>
                  mutes {silence.mutedCount === 1 ? '1 alert' : `${silence.mutedCount.toLocaleString('en')} alerts`}
                </a>
              )}
            </li>
          )}
          {silence.state === 'pending' && (
            <li class="fact tone-waiting">
              ◷ begins <Ago ms={silence.startsMs} />
            </li>
          )}
          <li class={soon ? 'fact tone-waiting' : 'fact-told'}>
            {soon && '⚠ '}
            {silence.state === 'expired' ? 'ended' : 'ends'} <Ago ms={silence.endsMs} />
          </li>
          <li class="fact-told">by {silence.createdBy === '' ? 'nobody named' : silence.createdBy}</li>
          <li class="fact-told">
            <code>{silence.id.slice(0, 8)}</code>
          </li>
        </ul>
        {mayAct && (
          <div class="actions">
            {silence.state !== 'expired' && (
              <button
                type="button"
                onClick={() =>
                  void attempt(
                    'One hour longer',
                    () => put(silence.endsMs + extendMs),
                    () => put(silence.endsMs).finally(onChanged),
                  )
                }
              >
                1 hour longer
              </button>
            )}
            <button type="button" onClick={onEdit}>
              {silence.state === 'expired' ? 'Make again' : 'Edit'}
            </button>
            {silence.state !== 'expired' && (
              <button type="button" onClick={() => void attempt('The silence is over', () => api.delete(path))}>
                End it now
              </button>
            )}
          </div>
        )}
      </div>
      {problem.value !== '' && <p class="problem-line">{problem.value}</p>}
    </li>
  );
}
