// Escaping of text for HTML and addresses.

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  "'": '&#39;',
  '\0': '\uFFFD',
};

/** Text that HTML shows as it is. */
export const escapeHtml = (text: string): string => text.replaceAll(/[&<>"'\0]/g, (char) => escapes[char] ?? char);

/** As browsers' forms encode, which is what Go's `url.QueryEscape` does. */
export const escapeQuery = (text: string): string =>
  encodeURIComponent(text.toWellFormed())
    .replaceAll('%20', '+')
    .replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
