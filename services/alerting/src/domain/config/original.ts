import { isScalar, visit } from 'yaml';
import type { Reading } from './yaml-reading.ts';

/** The file that was read, with `<secret>` in place of secrets and without comments, which may tell of them. Changes the reading's document. */
export function shownConfig({ document, secrets }: Reading): string {
  document.commentBefore = null;
  document.comment = null;
  visit(document, {
    Node: (_, node) => {
      node.comment = null;
      node.commentBefore = null;
      const instead = isScalar(node) ? secrets.get(node) : undefined;
      if (isScalar(node) && instead !== undefined && node.value !== null && node.value !== '') {
        node.value = instead;
        node.type = 'PLAIN';
        delete node.source;
      }
    },
  });
  return document.toString({ lineWidth: 0 });
}
