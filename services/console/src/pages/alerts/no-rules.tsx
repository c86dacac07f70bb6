import { NothingYet } from '../../ui/empty.tsx';

/** No rule runs: how the first one comes. */
export function NoRules({ refused }: { refused: number }) {
  return (
    <NothingYet title="No rule runs">
      <p>
        {refused > 0
          ? 'All rules that were read were refused; above it says why, each by itself.'
          : 'Rules look at events as they come and raise alerts. They are files: Sigma 2, presets and ATR.'}
      </p>
      <p class="quiet">
        <code>ALERTING_RULES_DIR</code> names the folder they lie in; <em>Reload</em> reads it again. <code>tmws rule test</code>{' '}
        tries a file before it is put there.
      </p>
    </NothingYet>
  );
}
