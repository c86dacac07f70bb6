import type { JSX } from 'preact';
import { severityLook, type SeverityShape } from '../model/alert-severity.ts';

const shapes: Readonly<Record<SeverityShape, JSX.Element>> = {
  octagon: (
    <>
      <path class="ground" d="M5 1h6l4 4v6l-4 4H5l-4-4V5z" />
      <path class="sign" d="M8 4.2v4.6M8 11.4v.4" />
    </>
  ),
  diamond: (
    <>
      <path class="ground" d="M8 .8 15.2 8 8 15.2.8 8z" />
      <path class="sign" d="M8 4.6v4M8 11.1v.3" />
    </>
  ),
  triangle: (
    <>
      <path class="line" d="M8 1.8 14.8 14H1.2z" />
      <path class="line" d="M8 6.4v3.4M8 11.9v.2" />
    </>
  ),
  disc: (
    <>
      <circle class="line" cx="8" cy="8" r="6.2" />
      <path class="line" d="M8 7.4v3.6M8 4.9v.2" />
    </>
  ),
  ring: <circle class="line dashed" cx="8" cy="8" r="6.2" />,
};

/** How bad, as shape, colour and word. */
export function SeverityMark({ severity, count }: { severity: string; count?: number }) {
  const { word, shape, tone } = severityLook(severity);
  return (
    <span class={`status severity tone-${tone}`}>
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
        {shapes[shape]}
      </svg>
      <span>
        {count !== undefined && <>{count.toLocaleString('en')} </>}
        {word}
      </span>
    </span>
  );
}
