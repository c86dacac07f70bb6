import { formatDuration, formatRunning } from '@tmws/duration';
import type { ComponentChildren } from 'preact';
import { type Execution, isGrowing, lengthNs, stepCounts } from '../../model/execution.ts';
import { errorOf, saidOf } from '../../model/list-failure.ts';
import type { ColumnId } from '../../model/list-columns.ts';
import { historyBar, leftWords, stripParts, waitingFor } from '../../model/list-history.ts';
import type { History } from '../../model/listing.ts';
import { formatCount } from '../../model/quantity.ts';
import { hasFailed, lookOf } from '../../model/status.ts';
import { linkTo } from '../../state/address.ts';
import { StatusMark } from '../../ui/status-mark.tsx';

/** What the cells of a row are drawn from. They are plain functions: dozens of rows are drawn in a frame of scrolling. */
export interface RowLook {
  readonly execution: Execution;
  readonly history: History | undefined;
  /** There is room for one column only: it tells the rest. */
  readonly card: boolean;
  /** How long ago it started, in words. */
  readonly ago: string;
  /** Of the page's clock; 0 for a row that does not grow. */
  readonly nowMs: number;
  /** The query part of the address, which links keep. */
  readonly search: URLSearchParams;
}

/** What a column shows of an execution. */
export const cells: Readonly<Record<ColumnId, (look: RowLook) => ComponentChildren>> = {
  state: ({ execution }) => <StatusMark status={execution.status} />,
  name: nameCell,
  workflow: ({ execution: { workflow, version } }) => [workflow, ' ', <span class="quiet">{version}</span>],
  version: ({ execution }) => execution.version,
  started: startedText,
  duration: (look) => [lengthText(look), historyPicture(look)],
  eta: leftCell,
  steps: stepsCell,
  picture: ({ execution }) => stepsPicture(execution.stepsByStatus),
  id: ({ execution }) => <code>{execution.id}</code>,
  parent: ({ execution: { parentExecutionId: id }, search }) =>
    id === '' ? null : <a href={linkTo({ name: 'execution', id }, search)}>{id}</a>,
  error: ({ execution }) => errorOf(execution)?.type ?? '',
  origin: ({ execution }) => execution.origin?.format ?? '',
};

function nameCell(look: RowLook): ComponentChildren {
  const { execution, card, search } = look;
  const { id, name, status } = execution;
  const link = <a href={linkTo({ name: 'execution', id }, search)}>{name}</a>;
  if (card) {
    const word = `${lookOf(status).word} · `;
    return [link, <span class="sub quiet">{[word, startedText(look), ' · ', lengthText(look)]}</span>];
  }
  const said = hasFailed(status) ? saidOf(execution) : '';
  if (said !== '') return [link, <span class="sub bad-line">{said}</span>];
  return [link, name === id ? null : <code class="sub quiet">{id}</code>];
}

function startedText({ execution: { startedAtMs }, ago }: RowLook): ComponentChildren {
  if (startedAtMs === undefined) return <span class="quiet">not begun</span>;
  return <time dateTime={new Date(startedAtMs).toISOString()}>{ago}</time>;
}

function lengthText({ execution, nowMs }: RowLook): ComponentChildren {
  if (isGrowing(execution)) return <span class="growing">{formatRunning(lengthNs(execution, nowMs) ?? 0)}</span>;
  return execution.makespanNs === undefined ? '–' : formatDuration(execution.makespanNs);
}

const barWidth = 72;
const px = (share: number): number => Math.round(share * barWidth * 10) / 10;

/** How long beside the past runs of the workflow: the tick is their half, the end mark 19 of 20. */
function historyPicture({ execution, history, nowMs }: RowLook): ComponentChildren {
  const bar = historyBar(lengthNs(execution, nowMs), history);
  if (bar === undefined) return null;
  return (
    <svg class={bar.slow ? 'history slow' : 'history'} width={barWidth} height="8" role="img" aria-label={bar.words}>
      <path class="history-usual" d={`M0 1h${px(bar.p95)}v6H0z`} />
      <path class="history-length" d={`M0 2.5h${Math.max(1.5, px(bar.length))}v3H0z`} />
      <path class="history-half" d={`M${px(bar.p50)} 0h1.5v8h-1.5z`} />
    </svg>
  );
}

function leftCell({ execution, history, nowMs }: RowLook): ComponentChildren {
  if (!isGrowing(execution)) return null;
  const left = leftWords(lengthNs(execution, nowMs) ?? 0, history);
  const waits = waitingFor(execution);
  return waits === '' ? left : [<span class="sub tone-waiting">{waits}</span>, <span class="sub one-line">{left}</span>];
}

function stepsCell({ execution }: RowLook): ComponentChildren {
  const { total, done, failed } = stepCounts(execution);
  return [
    <span title={`${done} of ${total} steps done`}>
      {formatCount(done)}
      <span class="quiet"> / {formatCount(total)}</span>
    </span>,
    failed > 0 ? <span class="sub failed-count">{formatCount(failed)} failed</span> : null,
  ];
}

const stripWidth = 60;

/** A picture of the run: its steps by status. */
function stepsPicture(stepsByStatus: Execution['stepsByStatus']): ComponentChildren {
  const parts = stripParts(stepsByStatus, stripWidth);
  const words = parts.map(({ status }) => `${stepsByStatus[status] ?? 0} ${lookOf(status).word}`).join(', ');
  return (
    <svg class="strip" width={stripWidth} height="10" role="img" aria-label={`Steps: ${words || 'none'}`}>
      {parts.map(({ status, from, width }) => (
        <path
          key={status}
          class={`tone-${lookOf(status).tone} part-${status}`}
          d={`M${from} ${hasFailed(status) ? 0 : 2}h${Math.max(0.5, width - 0.5)}v${hasFailed(status) ? 10 : 6}H${from}z`}
        />
      ))}
    </svg>
  );
}
