import type { ComponentChildren, RefObject } from 'preact';
import { useEffect, useId, useLayoutEffect, useRef } from 'preact/hooks';
import type { Signal } from '@preact/signals';

interface Props {
  /** What the button is called, and the menu. */
  label: string;
  open: Signal<boolean>;
  button: ComponentChildren;
  /** `MenuItem`s. */
  children: ComponentChildren;
  title?: string;
  className?: string;
}

/** A button with a menu after the ARIA pattern: arrows, Home and End choose, Escape, Tab and a click elsewhere close. */
export function Menu({ label, open, button, children, title, className = '' }: Props) {
  const root = useRef<HTMLDivElement>(null);
  const id = useId();
  useCloseOutside(root, open);
  useLayoutEffect(() => {
    if (open.value) (checked(root) ?? items(root)[0])?.focus();
  }, [open.value]);
  const onKeyDown = (event: KeyboardEvent): void => {
    const all = items(root);
    const at = all.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: (at + 1) % all.length, ArrowUp: (at - 1 + all.length) % all.length, Home: 0, End: all.length - 1 }[
      event.key
    ];
    if (event.key === 'Tab') open.value = false;
    else if (to !== undefined && (open.value || event.key === 'ArrowDown')) {
      event.preventDefault();
      if (open.value) all[to]?.focus();
      else open.value = true;
    } else if (event.key === 'Escape' && open.value) {
      event.preventDefault();
      close(root, open);
    }
  };
  return (
    <div class={`menu ${className}`} ref={root} onKeyDown={onKeyDown}>
      <button
        type="button"
        class="plain"
        title={title ?? label}
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={open.value}
        aria-controls={open.value ? id : undefined}
        onClick={() => (open.value = !open.value)}
      >
        {button}
      </button>
      {open.value && (
        <div class="menu-list" role="menu" id={id} aria-label={label} onClick={() => close(root, open)}>
          {children}
        </div>
      )}
    </div>
  );
}

interface ItemProps {
  onChoose(): void;
  /** Of a choice among several: whether it is the one. */
  checked?: boolean;
  children: ComponentChildren;
}

export function MenuItem({ onChoose, checked, children }: ItemProps) {
  const choice =
    checked === undefined ? { role: 'menuitem' as const } : { role: 'menuitemradio' as const, 'aria-checked': checked };
  return (
    <button type="button" class="menu-item" tabIndex={-1} {...choice} onClick={onChoose}>
      {children}
    </button>
  );
}

/** Closes what is open when the pointer goes down or the focus goes elsewhere. */
export function useCloseOutside(root: RefObject<HTMLElement | null>, open: Signal<boolean>): void {
  useEffect(() => {
    if (!open.value) return undefined;
    const away = (event: Event): void => {
      if (event.target instanceof Node && root.current?.contains(event.target) === false) open.value = false;
    };
    document.addEventListener('pointerdown', away);
    document.addEventListener('focusin', away);
    return () => {
      document.removeEventListener('pointerdown', away);
      document.removeEventListener('focusin', away);
    };
  }, [open.value]);
}

const items = (root: RefObject<HTMLElement | null>): HTMLElement[] => [
  ...(root.current?.querySelectorAll<HTMLElement>('[role^="menuitem"]') ?? []),
];
const checked = (root: RefObject<HTMLElement | null>): HTMLElement | undefined =>
  items(root).find((item) => item.getAttribute('aria-checked') === 'true');

function close(root: RefObject<HTMLElement | null>, open: Signal<boolean>): void {
  root.current?.querySelector<HTMLElement>(':scope > button')?.focus();
  open.value = false;
}
