interface Props {
  zoom(factor: number): void;
  fit(): void;
  step: number;
  /** The whole is shown. */
  fitted: boolean;
}

export function ZoomButtons({ zoom, fit, step, fitted }: Props) {
  return (
    <span class="zoom" role="group" aria-label="Zoom">
      <button type="button" onClick={() => zoom(1 / step)} disabled={fitted} aria-label="Zoom out" title="Zoom out (−)">
        −
      </button>
      <button
        type="button"
        onClick={() => zoom(step)}
        aria-label="Zoom in"
        title="Zoom in (+), or Ctrl and the wheel; a double click shows one step"
      >
        +
      </button>
      <button type="button" onClick={fit} disabled={fitted} title="Show the whole (0)">
        Fit
      </button>
    </span>
  );
}
