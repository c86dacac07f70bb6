import type { GetGraphResponseJson, GraphEdgeJson } from '@tmws/contracts';
import type { Context } from '../context.ts';
import { type Column, printList } from '../output.ts';
import { lookAtRun } from '../which-run.ts';

export type GraphFormat = 'dot' | 'mermaid' | 'json';

/** `tmws run graph ID`: the edges as a list; `--format` as a drawing for Graphviz or Mermaid, or the API's own object. */
export async function runGraph(context: Context, reference: string, { format }: { format?: GraphFormat }): Promise<void> {
  const { terminal } = context;
  const client = context.client();
  const path = (id: string): string => `/api/v1/executions/${encodeURIComponent(id)}/graph`;
  if (format === 'dot' || format === 'mermaid') {
    return terminal.print(await lookAtRun(client, reference, (id) => client.getText(path(id), { format })));
  }
  const found = await lookAtRun(client, reference, (id) => client.get<GetGraphResponseJson>(path(id)));
  if (format === 'json' || context.format === 'json') return terminal.print(`${JSON.stringify(found, null, 2)}\n`);
  const ids = new Map((found.nodes ?? []).map(({ stepKey = '', stepId = '' }) => [stepKey, stepId]));
  const idOf = (key = ''): string => ids.get(key) ?? key;
  const columns: Column<GraphEdgeJson>[] = [
    { title: 'FROM', text: ({ from }) => idOf(from), shrinkTo: 12 },
    { title: 'TO', text: ({ to }) => idOf(to), shrinkTo: 12 },
    { title: 'KIND', text: ({ kind = '' }) => kind },
  ];
  await printList(context, columns, found.edges ?? []);
}
