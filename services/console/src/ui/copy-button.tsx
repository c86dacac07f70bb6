import { useSignal } from '@preact/signals';
import { useConsole } from '../state/console.ts';
import { copyText } from './clipboard.ts';

/** Copies a text that stands beside it. @param what  as the start of a sentence: "The hash" */
export function CopyButton({ what, text }: { what: string; text: string }) {
  const { announcer } = useConsole();
  const said = useSignal('');
  const copy = async (): Promise<void> => {
    said.value = (await copyText(text)) ? 'Copied' : 'Not copied';
    announcer.say(`${what}: ${said.value.toLowerCase()}`);
    setTimeout(() => (said.value = ''), 2_000);
  };
  const label = `Copy ${what.charAt(0).toLowerCase()}${what.slice(1)}`;
  return (
    <button type="button" onClick={() => void copy()}>
      {said.value === '' ? label : said.value}
    </button>
  );
}
