const strokes = {
  executions: 'M2 4h7M5 8h8M8 12h6',
  alerts: 'M8 2a4 4 0 0 1 4 4c0 3 1.5 4.5 1.5 4.5h-11S4 9 4 6a4 4 0 0 1 4-4M6.5 13a1.6 1.6 0 0 0 3 0',
  audit: 'M3.5 2.5h9v11h-9zM6 6h4M6 8.5h4M6 11h2',
  api: 'M5.5 4 2 8l3.5 4M10.5 4 14 8l-3.5 4',
  operations: 'M2 4.5h12M2 11.5h12M6 2.5v4M10.5 9.5v4',
  fold: 'M2.5 2.5h11v11h-11zM6.5 2.5v11',
  search: 'M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9M10.3 10.3 14 14',
  help: 'M6 6a2 2 0 1 1 2.9 1.8Q8 8.3 8 9.5M8 12v.4',
  theme: 'M8 2v12M8 2a6 6 0 1 0 0 12M8 2a6 6 0 0 1 0 12M11 4v8M13.2 6v4',
  namespace: 'M2 5 8 2l6 3-6 3zM2 8l6 3 6-3M2 11l6 3 6-3',
  copy: 'M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z',
  close: 'M3.5 3.5l9 9M12.5 3.5l-9 9',
  down: 'M4 6l4 4 4-4',
  upload: 'M8 11V2.5M4.5 6 8 2.5 11.5 6M2.5 11v2.5h11V11',
  person: 'M8 8.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6M2.5 14c.5-3 3-3.8 5.5-3.8s5 .8 5.5 3.8',
  check: 'M3 8.5 6.5 12 13 4.5',
} as const;

export type IconName = keyof typeof strokes;

/** A line drawing beside a word. It says nothing by itself. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" width={size} height={size} aria-hidden="true">
      <path d={strokes[name]} />
    </svg>
  );
}
