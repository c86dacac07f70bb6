// A backtest: asked for, followed, cancelled.
//
//   idle ─run▶ running ─report▶ done     running ─cancel▶ idle     running ─problem, or the answer breaks off▶ failed     done, failed ─run▶ running
import type { BacktestRulesResponseJson } from '@tmws/contracts/rules';
import { type ReadonlySignal, signal } from '@preact/signals';
import { type Api, ApiProblem } from '../api/api.ts';
import { answerOf } from '../api/api-problem.ts';
import { jsonLines } from '../api/json-lines.ts';
import { readReport, type Report, reportWords } from '../model/backtest.ts';
import { realOf } from '../model/rule.ts';
import type { Announcer } from './announcer.ts';

export type BacktestState =
  | { readonly is: 'idle' }
  /** @param share  undefined until the server says */
  | { readonly is: 'running'; readonly events: number; readonly share: number | undefined }
  | { readonly is: 'done'; readonly report: Report }
  | { readonly is: 'failed'; readonly problem: ApiProblem };

export interface BacktestAsked {
  readonly ids?: readonly string[];
  readonly text?: string;
  /** RFC 3339; absent: no bound. */
  readonly from?: string;
  readonly to?: string;
}

export interface Backtest {
  readonly state: ReadonlySignal<BacktestState>;
  run(asked: BacktestAsked): Promise<void>;
  /** The server stops with it. */
  cancel(): void;
}

type Line = BacktestRulesResponseJson & { problem?: { title?: string; detail?: string; status?: number; requestId?: string } };

export function openBacktest(api: Api, announcer: Announcer): Backtest {
  const state = signal<BacktestState>({ is: 'idle' });
  let left = new AbortController();
  const follow = async (asked: BacktestAsked, { signal: gone }: AbortController): Promise<void> => {
    const response = await api.open('rules/backtest', asked, gone);
    if (!response.ok || response.body === null) return await answerOf(response);
    for await (const { progress, report, problem } of jsonLines<Line>(response.body)) {
      if (problem !== undefined)
        throw new ApiProblem(problem.status ?? 0, problem.title ?? 'It broke off', problem.detail ?? '', problem.requestId);
      if (progress !== undefined && !gone.aborted)
        state.value = { is: 'running', events: Number(progress.events ?? 0), share: realOf(progress.share) };
      if (report !== undefined) {
        state.value = { is: 'done', report: readReport(report) };
        announcer.say(reportWords(state.value.report));
      }
    }
    if (state.peek().is === 'running') throw new ApiProblem(0, 'It broke off', 'The server stopped answering before the end.');
  };
  return {
    state,
    async run(asked) {
      left.abort();
      const own = (left = new AbortController());
      state.value = { is: 'running', events: 0, share: undefined };
      announcer.say('The backtest runs');
      try {
        await follow(asked, own);
      } catch (error) {
        if (own.signal.aborted) return;
        state.value = { is: 'failed', problem: ApiProblem.from(error) };
      }
    },
    cancel() {
      if (state.peek().is !== 'running') return;
      left.abort();
      state.value = { is: 'idle' };
      announcer.say('The backtest was cancelled');
    },
  };
}
