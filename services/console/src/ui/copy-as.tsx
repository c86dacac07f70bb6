import { useSignal } from '@preact/signals';
import { ApiProblem } from '../api/api.ts';
import { useConsole } from '../state/console.ts';
import { copyTexts, type ViewSource } from '../state/copy-as.ts';
import { useKeys } from '../state/use-keys.ts';
import { copyText, download } from './clipboard.ts';
import { CopyBlock } from './copy-block.tsx';
import { Icon } from './icon.tsx';
import { Menu, MenuItem } from './menu.tsx';
import { pngOf } from './picture.ts';

/** Takes what is seen along: as link, curl, `tmws` command, JSON or picture. `c` opens it; one on a page. */
export function CopyAs(source: ViewSource) {
  const { api, announcer, theming, session } = useConsole();
  const open = useSignal(false);
  // What could not be put on the clipboard, to be copied by hand.
  const left = useSignal<{ label: string; text: string } | undefined>(undefined);
  const problem = useSignal('');
  useKeys({ copyAs: () => (open.value = true) });

  const copy = async (label: string, text: string): Promise<void> => {
    const copied = await copyText(text);
    left.value = copied ? undefined : { label, text };
    announcer.say(copied ? `${label} copied` : `${label} is shown below to be copied by hand`);
  };
  const attempt = (what: string, work: () => Promise<void>) => async (): Promise<void> => {
    problem.value = '';
    try {
      await work();
    } catch (error) {
      problem.value = `${what} could not be had: ${ApiProblem.from(error).message}`;
      announcer.say(problem.value);
    }
  };
  const json = attempt('The JSON', async () => {
    const answer = source.json?.() ?? (await api.get<unknown>(source.path, source.query));
    await copy('JSON', JSON.stringify(answer, undefined, 2));
  });
  const { picture } = source;
  const pictureUrl = picture && api.urlOf(picture.path, { ...picture.query, theme: theming.theme.value });
  const svg = attempt('The picture', async () => {
    const response = await fetch(pictureUrl ?? '');
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    download(await response.blob(), `${picture?.name ?? 'picture'}.svg`);
    announcer.say('The picture is in your downloads');
  });
  const png = attempt('The picture', async () => {
    const blob = await pngOf(pictureUrl ?? '');
    try {
      await navigator.clipboard.write([new ClipboardItem({ 'image/png': blob })]);
      announcer.say('Picture copied');
    } catch {
      download(blob, `${picture?.name ?? 'picture'}.png`);
      announcer.say('The picture is in your downloads');
    }
  });
  return (
    <>
      <Menu
        label="Copy as"
        open={open}
        className="copy-as"
        button={
          <>
            <Icon name="copy" /> Copy as
          </>
        }
      >
        {copyTexts(source, api.urlOf, {
          href: location.href,
          namespace: api.namespace,
          nowMs: Date.now(),
          signedIn: session.who.value?.auth === 'on',
        }).map(({ id, label, text }) => (
          <MenuItem key={id} onChoose={() => void copy(label, text)}>
            {label}
            <code>{text}</code>
          </MenuItem>
        ))}
        <MenuItem onChoose={() => void json()}>JSON</MenuItem>
        {picture !== undefined && <MenuItem onChoose={() => void png()}>Picture (PNG)</MenuItem>}
        {picture !== undefined && <MenuItem onChoose={() => void svg()}>Picture as a file (SVG)</MenuItem>}
      </Menu>
      {left.value !== undefined && <CopyBlock {...left.value} />}
      {problem.value !== '' && <p class="problem-line">{problem.value}</p>}
    </>
  );
}
