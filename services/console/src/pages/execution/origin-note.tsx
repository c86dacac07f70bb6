import { formatDuration } from '@tmws/duration';
import type { Execution } from '../../model/execution.ts';

const formatNames: Readonly<Record<string, string>> = {
  wfformat: 'a WfFormat instance',
  temporal: 'a Temporal history',
  jaeger: 'a Jaeger trace',
  cloudevents: 'a file of CloudEvents',
};

/** Where an imported execution comes from; of a reconstruction, that its times are not recorded ones. */
export function OriginNote({ execution: { origin, makespanNs } }: { execution: Execution }) {
  if (origin === undefined) return null;
  const { format, reconstructed, note, recordedMakespanNs } = origin;
  const from = formatNames[format] ?? format;
  return (
    <section class={reconstructed ? 'origin reconstructed' : 'origin'} aria-label="Origin">
      <p>
        <strong>{reconstructed ? `A reconstruction from ${from}.` : `Imported from ${from}.`}</strong>
        {note !== '' && ` ${note}`}
      </p>
      {recordedMakespanNs !== undefined && (
        <p>
          Recorded duration <strong>{formatDuration(recordedMakespanNs)}</strong>
          {makespanNs !== undefined && (
            <>
              , {reconstructed ? 'reconstructed' : 'by its events'} <strong>{formatDuration(makespanNs)}</strong>
            </>
          )}
        </p>
      )}
    </section>
  );
}
