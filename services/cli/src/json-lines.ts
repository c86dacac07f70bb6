/** JSON values of a stream, one a line. Empty lines are skipped; a last line need not end. `onBytes` is told of every piece. */
export async function* jsonLines<T>(
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  onBytes: () => unknown,
): AsyncGenerator<T> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of body) {
    onBytes();
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') yield JSON.parse(line) as T;
  }
  if (rest.trim() !== '') yield JSON.parse(rest) as T;
}
