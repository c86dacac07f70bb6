import type { GetGraphResponseJson, GraphEdgeJson, GraphNodeJson } from '@tmws/contracts';
import { z } from 'zod';
import { messageJson, word } from './message-json.ts';

const stepKey = '0f4c2d9a7be1835560d1c9e24ab3f798';

const graphNode = messageJson<GraphNodeJson>()({
  stepKey: word('Its row of the timeline', stepKey),
  stepId: word('As the engine named it', 'search-web'),
  name: word('For people', 'search web'),
  kind: word('llm, tool, agent, http, task, …', 'tool'),
  status: word('Of its highest attempt', 'completed'),
  critical: z.boolean().meta({ description: 'On the critical path', examples: [true] }),
}).meta({ id: 'GraphNode' });

const graphEdge = messageJson<GraphEdgeJson>()({
  from: word('Step key', stepKey),
  to: word('Step key', 'd1c9e24ab3f7980f4c2d9a7be1835560'),
  kind: word('dependency: `from` has to end before `to` begins; inside: `to` lies under `from`', 'dependency'),
}).meta({ id: 'GraphEdge' });

export const graph = messageJson<GetGraphResponseJson>()({
  nodes: z.array(graphNode).meta({ description: 'In the order of the rows of the timeline' }),
  edges: z.array(graphEdge),
  text: word('Empty: dot and mermaid are answered as texts'),
  collapsedBy: word('Empty'),
}).meta({ id: 'Graph' });
