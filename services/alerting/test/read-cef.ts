// Reads CEF as ArcSight's document says, with nothing of our own writer.
export interface ReadCef {
  /** version, vendor, product, device version, signature, name, severity. */
  readonly header: readonly string[];
  readonly extension: Readonly<Record<string, string>>;
}

/** @throws if it is no CEF of one line */
export function readCef(line: string): ReadCef {
  if (!line.startsWith('CEF:') || /[\r\n]/.test(line)) throw new Error(`no line of CEF: ${JSON.stringify(line)}`);
  const header: string[] = [''];
  let at = 'CEF:'.length;
  for (; at < line.length && header.length <= 7; at++) {
    const each = line[at] ?? '';
    const last = header.pop() ?? '';
    if (each === '\\' && /[\\|]/.test(line[at + 1] ?? '')) header.push(last + (line[++at] ?? ''));
    else if (each === '|') header.push(last, '');
    else header.push(last + each);
  }
  const rest = header.pop() ?? '';
  if (header.length !== 7 || rest !== '') throw new Error(`no seven fields before the extension: ${JSON.stringify(line)}`);
  // A key begins the extension or follows a space, and ends at an equals sign, which is escaped within values.
  const keys = [...line.slice(at).matchAll(/(?:^| )([A-Za-z0-9_]+)=/g)];
  const extension = keys.map(({ index, 0: found, 1: key = '' }, n): [string, string] => {
    const value = line.slice(at).slice(index + found.length, keys[n + 1]?.index);
    if (/(?<!\\)(?:\\\\)*(?:=|\\(?![\\=nr]))/.test(value))
      throw new Error(`a value that is not escaped: ${JSON.stringify(value)}`);
    const meant: Readonly<Record<string, string>> = { n: '\n', r: '\r' };
    return [key, value.replace(/\\(.)/g, (_, each: string) => meant[each] ?? each)];
  });
  return { header, extension: Object.fromEntries(extension) };
}
