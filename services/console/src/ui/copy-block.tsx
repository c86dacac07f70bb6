import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';

/** Text to take away, with a button that copies it. Where the clipboard is not to be had (plain HTTP), the text is selected instead. */
export function CopyBlock({ label, text }: { label: string; text: string }) {
  const said = useSignal('');
  const code = useRef<HTMLElement>(null);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      said.value = 'Copied';
    } catch {
      if (code.current !== null) getSelection()?.selectAllChildren(code.current);
      said.value = 'Selected, press Ctrl C';
    }
    setTimeout(() => (said.value = ''), 2_000);
  };
  return (
    <figure class="copy">
      <figcaption>{label}</figcaption>
      <button type="button" onClick={() => void copy()} aria-label={`Copy: ${label}`}>
        <span aria-live="polite">{said.value === '' ? 'Copy' : said.value}</span>
      </button>
      <pre tabIndex={0} aria-label={label}>
        <code ref={code}>{text}</code>
      </pre>
    </figure>
  );
}
