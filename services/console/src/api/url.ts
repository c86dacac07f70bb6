/** Parameters of a call; those that are undefined or empty are left out, of several values each is one. */
export type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Where an answer lies on this server. @param path  below `/api/v1/` */
export function apiUrl(path: string, query: Query = {}): string {
  const given = Object.entries(query).flatMap(([name, value = '']) =>
    [value].flat().flatMap((each): [string, string][] => (each === '' ? [] : [[name, each]])),
  );
  return `/api/v1/${path}${given.length > 0 ? `?${new URLSearchParams(given).toString()}` : ''}`;
}
