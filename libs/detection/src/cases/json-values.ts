/** The JSON values of a text: one, several after one another or a line each; the members of an array each. @throws SyntaxError */
export function jsonValues(text: string): unknown[] {
  const trimmed = text.replace(/^\ufeff/, '').trim();
  if (trimmed === '') return [];
  try {
    return [JSON.parse(trimmed) as unknown].flat();
  } catch (error) {
    const values: unknown[] = [];
    let [depth, start] = [0, 0];
    for (const { 0: token, index } of trimmed.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]]/gs)) {
      if (token.startsWith('"')) continue;
      const opens = token === '{' || token === '[';
      if (opens && depth === 0) start = index;
      depth += opens ? 1 : -1;
      if (!opens && depth === 0) values.push(JSON.parse(trimmed.slice(start, index + 1)));
    }
    if (depth !== 0 || values.length === 0) throw error;
    return values.flat();
  }
}
