/** Parameters of a call; those that are undefined or empty are left out. */
export type Query = Readonly<Record<string, string | undefined>>;

/** Where an answer lies on this server. @param path  below `/api/v1/` */
export function apiUrl(path: string, query: Query = {}): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '');
  return `/api/v1/${path}${given.length > 0 ? `?${new URLSearchParams(given).toString()}` : ''}`;
}
