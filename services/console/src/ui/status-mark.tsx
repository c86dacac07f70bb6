import type { ComponentChildren, JSX } from 'preact';
import { lookOf, type Shape, type Tone } from '../model/status.ts';

const shapes: Readonly<Record<Shape, JSX.Element>> = {
  check: (
    <>
      <circle class="ground" cx="8" cy="8" r="7" />
      <path class="sign" d="M4.8 8.3 7.1 10.5 11.3 5.8" />
    </>
  ),
  play: (
    <>
      <circle class="line" cx="8" cy="8" r="6.2" />
      <path class="fill" d="M6.3 4.9v6.2L11.4 8z" />
    </>
  ),
  clock: (
    <>
      <circle class="line" cx="8" cy="8" r="6.2" />
      <path class="line" d="M8 4.4V8l2.6 1.7" />
    </>
  ),
  queue: <path class="line" d="M2.5 4.2h11M2.5 8h11M2.5 11.8h6.5" />,
  cross: (
    <>
      <path class="ground" d="M5 1h6l4 4v6l-4 4H5l-4-4V5z" />
      <path class="sign" d="M5.4 5.4l5.2 5.2M10.6 5.4l-5.2 5.2" />
    </>
  ),
  hourglass: (
    <>
      <path class="ground" d="M5 1h6l4 4v6l-4 4H5l-4-4V5z" />
      <path class="sign" d="M5.2 4.4h5.6L8 8l2.8 3.6H5.2L8 8z" />
    </>
  ),
  slash: (
    <>
      <circle class="line" cx="8" cy="8" r="6.2" />
      <path class="line" d="M3.8 12.2 12.2 3.8" />
    </>
  ),
  retry: <path class="line" d="M13 8a5 5 0 1 1-1.6-3.7M12 1.4v3.2H8.8" />,
  pause: (
    <>
      <circle class="line" cx="8" cy="8" r="6.2" />
      <path class="line" d="M6.3 5.6v4.8M9.7 5.6v4.8" />
    </>
  ),
  skip: <path class="line" d="M3 4.2 6.8 8 3 11.8M8.4 4.2 12.2 8l-3.8 3.8" />,
  ring: <circle class="line dashed" cx="8" cy="8" r="6.2" />,
  question: (
    <>
      <circle class="line dashed" cx="8" cy="8" r="6.2" />
      <path class="line" d="M6.2 6.3a1.9 1.9 0 1 1 2.6 1.8q-.8.4-.8 1.3M8 11.4v.3" />
    </>
  ),
};

/** A status as shape, colour and word; `bare` leaves the word to screen readers and the title. */
export function StatusMark({ status, bare = false }: { status: string; bare?: boolean }) {
  const { word, shape, tone } = lookOf(status);
  return (
    <Mark shape={shape} tone={tone} title={bare ? word : undefined}>
      <span class={bare ? 'visually-hidden' : undefined}>{word}</span>
    </Mark>
  );
}

interface MarkProps {
  shape: Shape;
  tone: Tone;
  title?: string | undefined;
  /** The word that goes with it: never a shape and a colour alone. */
  children: ComponentChildren;
}

export function Mark({ shape, tone, title, children }: MarkProps) {
  return (
    <span class={`status tone-${tone}`} title={title}>
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
        {shapes[shape]}
      </svg>
      {children}
    </span>
  );
}
