import type { ComponentChildren } from 'preact';

interface Props {
  /** What is on the right beside the content, below it where that is too narrow; nothing = the content has all the room. */
  panel?: ComponentChildren;
  /** What the panel is called. */
  label: string;
  children: ComponentChildren;
}

/** Content with the slot for the chosen thing: never a dialog over what is being read. */
export function WithPanel({ panel, label, children }: Props) {
  const shown = panel !== undefined && panel !== null && panel !== false;
  return (
    <div class={shown ? 'with-panel' : undefined}>
      <div class="with-panel-content">{children}</div>
      {shown && (
        <aside class="panel" aria-label={label}>
          {panel}
        </aside>
      )}
    </div>
  );
}
