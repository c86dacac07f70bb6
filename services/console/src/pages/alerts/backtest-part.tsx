import { useSignal } from '@preact/signals';
import { useEffect, useId, useMemo } from 'preact/hooks';
import { openBacktest } from '../../state/backtest.ts';
import { useConsole } from '../../state/console.ts';
import { rangeMs } from '../../state/range.ts';
import { text } from '../../state/url-state.ts';
import { useUrlState } from '../../state/use-url-state.ts';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { BacktestReport } from './backtest-report.tsx';

const parameters = { range: text('7d'), from: text(), to: text() };
const ranges = { '24h': 'Last 24 h', '7d': 'Last 7 days', '30d': 'Last 30 days', all: 'All that is kept', between: 'Between …' };

interface Props {
  /** Of a rule that runs; absent: all of them. */
  id?: string;
  /** A rule of one's own may be written, which is run instead. */
  own?: boolean;
}

/** What rules would have raised over a time, run when it is asked for. */
export function BacktestPart({ id, own = false }: Props) {
  const { api, announcer } = useConsole();
  const { state, set } = useUrlState(parameters);
  const backtest = useMemo(() => openBacktest(api, announcer), [api, id]);
  useEffect(() => backtest.cancel, [backtest]);
  const written = useSignal('');
  const ids = useId();
  const now = backtest.state.value;
  const choices =
    state.range in ranges || rangeMs(state.range) === undefined ? ranges : { ...ranges, [state.range]: `Last ${state.range}` };
  const run = (): void => {
    const length = rangeMs(state.range);
    const bound = (given: string): string | undefined => (given === '' ? undefined : new Date(given).toISOString());
    const [from, to] =
      length !== undefined
        ? [new Date(Date.now() - length).toISOString(), undefined]
        : state.range === 'between'
          ? [bound(state.from), bound(state.to)]
          : [undefined, undefined];
    void backtest.run({
      ...(id !== undefined && { ids: [id] }),
      ...(written.value.trim() !== '' && { text: written.value }),
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
    });
  };
  return (
    <div class="backtest">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          run();
        }}
      >
        {own && (
          <div class="field">
            <label for={`${ids}text`}>A rule of your own, as YAML</label>
            <textarea
              id={`${ids}text`}
              class="rule-draft"
              rows={6}
              spellcheck={false}
              value={written.value}
              onInput={(event) => (written.value = event.currentTarget.value)}
              placeholder="Left empty, all rules that run are looked at."
            />
          </div>
        )}
        <div class="backtest-tools">
          <select
            aria-label="Over which time"
            value={state.range in choices ? state.range : 'all'}
            onChange={(event) => set({ range: event.currentTarget.value })}
          >
            {Object.entries(choices).map(([value, word]) => (
              <option key={value} value={value}>
                {word}
              </option>
            ))}
          </select>
          {state.range === 'between' &&
            (['from', 'to'] as const).map((name) => (
              <label key={name}>
                {name}
                <input
                  type="datetime-local"
                  value={state[name]}
                  onChange={(event) => set({ [name]: event.currentTarget.value })}
                />
              </label>
            ))}
          {now.is === 'running' ? (
            <button type="button" onClick={backtest.cancel}>
              Cancel
            </button>
          ) : (
            <button type="submit" class="primary">
              {now.is === 'done' ? 'Run again' : 'Run'}
            </button>
          )}
        </div>
      </form>
      {now.is === 'idle' && <p class="quiet">Runs over the events of the log as they were. Nothing is raised, nobody is told.</p>}
      {now.is === 'running' && (
        <p class="backtest-progress">
          <progress aria-label="Backtest" max={1} {...(now.share === undefined ? {} : { value: now.share })} />
          <span>
            {now.share === undefined ? 'Begins' : `${Math.floor(now.share * 100)} %, ${now.events.toLocaleString('en')} events`}
          </span>
        </p>
      )}
      {now.is === 'failed' && <ProblemNote problem={now.problem} what="The backtest" retry={run} />}
      {now.is === 'done' && <BacktestReport report={now.report} {...(id !== undefined && { id })} />}
    </div>
  );
}
