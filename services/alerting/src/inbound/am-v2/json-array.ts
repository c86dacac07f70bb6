/**
 * A JSON array in pieces of about `pieceLength` characters, for an answer that is written while it is made: 20,000 alerts are never one text.
 *
 *   J1  the pieces together are what JSON.stringify says of the whole
 *   J2  `each` is asked for one item after the other, only as pieces are taken
 */
export function* jsonArray<T>(items: Iterable<T>, each: (item: T) => unknown, pieceLength = 65_536): Generator<string> {
  let piece = '[';
  let first = true;
  for (const item of items) {
    piece += `${first ? '' : ','}${JSON.stringify(each(item))}`;
    first = false;
    if (piece.length < pieceLength) continue;
    yield piece;
    piece = '';
  }
  yield `${piece}]`;
}
