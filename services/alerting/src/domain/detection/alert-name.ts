const longest = 64;

/** A rule's title as alertname: its words run together, like `SuspiciousCertutilDownload`; letters, digits and `_`. */
export function alertNameOf(title: string): string {
  const words = title.match(/[\p{L}\p{N}_]+/gu) ?? [];
  const name = words.map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`).join('');
  const cut = Array.from(name).slice(0, longest).join('');
  return cut === '' ? 'Detection' : /^\p{N}/u.test(cut) ? `Rule${cut}` : cut;
}
