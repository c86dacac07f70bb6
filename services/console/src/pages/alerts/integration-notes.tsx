import { guaranteeWords, type Integration } from '../../model/receiver.ts';
import { Ago } from '../../ui/alert-age.tsx';

/** Whether a receiver is left alone for a while, and what its messages are worth. */
export function IntegrationNotes({ circuit, circuitUntilMs, guarantee }: Integration) {
  const words = guaranteeWords[guarantee] ?? '';
  return (
    <>
      {circuit === 'open' && (
        <p class="circuit tone-bad">
          ⊘ Left alone: it failed too often.
          {circuitUntilMs !== undefined && (
            <>
              {' '}
              Tried again <Ago ms={circuitUntilMs} />.
            </>
          )}
        </p>
      )}
      {circuit === 'half_open' && <p class="circuit tone-waiting">◷ One message is tried; if it arrives, the others follow.</p>}
      {words !== '' && <p class="quiet">{words}</p>}
    </>
  );
}
