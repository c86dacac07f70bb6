import { Problem } from '@tmws/problems';
import { dotText } from '../domain/graph/dot.ts';
import { mermaidOf } from '../domain/graph/mermaid.ts';
import { pictureEdges, wholePicture } from '../domain/graph/picture.ts';
import type { TimelineRow } from '../domain/timeline.ts';

const formats = ['json', 'dot', 'mermaid'] as const;
type GraphFormat = (typeof formats)[number];

/** The format asked for; json when none is. @throws Problem `invalid` for another */
export function graphFormat(format: string): GraphFormat {
  const known = formats.find((each) => each === (format || 'json'));
  if (known !== undefined) return known;
  throw new Problem('invalid', `format must be one of ${formats.join(', ')} (got ${JSON.stringify(format)})`, {
    field: 'format',
  });
}

/** tmws.timeline.v1.GetGraphResponse. @throws Problem `too_large` when Mermaid would not draw it even by kind */
export function graphMessage(rows: readonly TimelineRow[], critical: ReadonlySet<string | undefined>, format: GraphFormat) {
  switch (format) {
    case 'json':
      return jsonMessage(rows, critical);
    case 'dot':
      return { text: dotText(wholePicture(rows, critical)) };
    case 'mermaid': {
      const mermaid = mermaidOf(rows, critical);
      if (mermaid !== undefined) return mermaid;
      throw new Problem(
        'too_large',
        `Mermaid draws up to 500 edges and 50,000 characters, and the ${rows.length} steps are more even by kind; ask for dot or json`,
      );
    }
  }
}

function jsonMessage(rows: readonly TimelineRow[], critical: ReadonlySet<string | undefined>) {
  const keyOf = (place: number): string => rows[place]?.step.stepKey ?? '';
  return {
    nodes: rows.map(({ step: { stepKey, stepId }, name, kind, status }) => ({
      stepKey,
      stepId,
      name,
      kind,
      status,
      critical: critical.has(stepKey),
    })),
    edges: pictureEdges(rows).map(({ from, to, kind }) => ({ from: keyOf(from), to: keyOf(to), kind })),
  };
}
