import type { Refused } from '../../model/rule.ts';

/** Rules that do not run: where each fault lies, and what it is. */
export function RefusedRules({ refused, count }: { refused: readonly Refused[]; count: number }) {
  if (count === 0 && refused.length === 0) return null;
  const most = Math.max(count, refused.length);
  return (
    <details class="problem refused-rules" open={most <= 5}>
      <summary>
        <strong>
          {most === 1 ? '1 rule is refused and does not run' : `${most.toLocaleString('en')} rules are refused and do not run`}
        </strong>
        <span class="quiet">; the others do</span>
      </summary>
      <ul>
        {refused.map(({ source, title, faults }, at) => (
          <li key={`${source} ${at}`}>
            {title !== '' && <strong>{title}</strong>}
            {faults.map(({ place, words }) => (
              <p key={`${place} ${words}`}>
                {place !== '' && <code>{place}</code>} {words}
              </p>
            ))}
          </li>
        ))}
      </ul>
      {most > refused.length && <p class="quiet">and {(most - refused.length).toLocaleString('en')} more</p>}
    </details>
  );
}
