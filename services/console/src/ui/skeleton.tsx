interface Props {
  /** What is being loaded: "executions". */
  what: string;
  /** Heights in px of the parts as they will be, top down, so that nothing moves when they come. */
  heights: readonly number[];
}

/** The space of what is being loaded. Nothing of it is seen for 150 ms, what is being loaded is said after 2 s (CSS). */
export function Skeleton({ what, heights }: Props) {
  return (
    <div class="skeleton" aria-busy="true">
      <span class="visually-hidden">Loading {what}</span>
      <span class="skeleton-words" aria-hidden="true">
        Loading {what}…
      </span>
      {heights.map((height, at) => (
        <svg key={at} class="skeleton-part" width="100%" height={height} aria-hidden="true">
          <rect width="100%" height={height} />
        </svg>
      ))}
    </div>
  );
}
