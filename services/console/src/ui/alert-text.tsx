import { linkPieces, webAddress } from '../model/alert-link.ts';

/** Text with its addresses as links, which open beside the console and are told nothing of it. */
export function LinkedText({ text }: { text: string }) {
  return (
    <>
      {linkPieces(text).map(({ text: piece, href }, at) =>
        href === undefined ? piece : <OutLink key={at} href={href} text={piece} />,
      )}
    </>
  );
}

export function OutLink({ href, text }: { href: string; text: string }) {
  const safe = webAddress(href);
  if (safe === undefined) return <code>{href}</code>;
  return (
    <a href={safe} target="_blank" rel="noreferrer noopener">
      {text}
    </a>
  );
}
