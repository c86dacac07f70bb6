/**
 * What lies at a dotted path: the values there, several where arrays are on the way; undefined where nothing is. A key that holds
 * dots itself wins over a path of the same spelling.
 */
export function valuesAt(value: unknown, path: string): readonly unknown[] | undefined {
  if (Array.isArray(value)) {
    const [, index, rest] = /^(\d+)(?:\.(.+))?$/s.exec(path) ?? [];
    if (index !== undefined) {
      const element: unknown = value[Number(index)];
      if (element === undefined) return undefined;
      return rest === undefined ? [element] : valuesAt(element, rest);
    }
    const found = value.flatMap((element) => valuesAt(element, path) ?? []);
    return found.length === 0 ? undefined : found;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if (Object.hasOwn(value, path)) {
    const own = (value as Record<string, unknown>)[path];
    return own === undefined ? undefined : [own];
  }
  for (let dot = path.indexOf('.'); dot > 0; dot = path.indexOf('.', dot + 1)) {
    const key = path.slice(0, dot);
    if (!Object.hasOwn(value, key)) continue;
    const found = valuesAt((value as Record<string, unknown>)[key], path.slice(dot + 1));
    if (found !== undefined) return found;
  }
  return undefined;
}
