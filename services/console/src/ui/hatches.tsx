import { kindLook, knownKinds } from '../model/kinds.ts';

const patternId = (kind: string): string => `hatch-${kindLook(kind).variable.slice(2)}`;

/** The patterns of the kinds of time, once in a page, for the SVG that `fillOf` paints. */
export function HatchPatterns() {
  return (
    <svg class="patterns" width="0" height="0" aria-hidden="true">
      <defs>
        {knownKinds.map((kind) => {
          const { hatch, variable } = kindLook(kind);
          return (
            <pattern key={kind} id={patternId(kind)} width="8" height="8" patternUnits="userSpaceOnUse">
              <rect width="8" height="8" fill={`var(${variable})`} fill-opacity={hatch === undefined ? 1 : 0.22} />
              {hatch !== undefined && <path d={hatch} stroke={`var(${variable})`} stroke-width="1.6" fill="none" />}
            </pattern>
          );
        })}
      </defs>
    </svg>
  );
}

/** The paint of a kind of time, colour and pattern. */
export const fillOf = (kind: string): string => `url(#${patternId(kind)})`;

export function KindSwatch({ kind }: { kind: string }) {
  return (
    <svg class="swatch" width="18" height="12" aria-hidden="true">
      <rect x="0.5" y="0.5" width="17" height="11" rx="2" fill={fillOf(kind)} stroke={`var(${kindLook(kind).variable})`} />
    </svg>
  );
}
