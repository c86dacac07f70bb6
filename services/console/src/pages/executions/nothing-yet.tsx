import { useMemo } from 'preact/hooks';
import { firstCommands } from '../../model/first-commands.ts';
import { useConsole } from '../../state/console.ts';
import { CopyBlock } from '../../ui/copy-block.tsx';
import { DemoButton } from '../../ui/demo-button.tsx';

/** The page before the first event: what this is, and three ways to see something. */
export function NothingYet() {
  const { api, session } = useConsole();
  const signedIn = session.who.value?.auth === 'on';
  const commands = useMemo(
    () => firstCommands({ origin: location.origin, namespace: api.namespace, nowMs: Date.now(), signedIn }),
    [api.namespace, signedIn],
  );
  return (
    <section class="empty">
      <h2>No execution yet</h2>
      <p class="lead">
        TMWS keeps the record of what your agent and other workflows do, and shows where their time went: any engine tells it by
        CloudEvents over HTTP or Kafka.
      </p>
      {session.may('write') ? (
        <>
          <div class="empty-demo">
            <DemoButton primary />
            <span>a few agent runs with retries, waits and a failure, live</span>
          </div>
          <h3>Or send something from a shell; it shows here at once</h3>
        </>
      ) : (
        <h3>Whoever has a key with the scope write sends something from a shell; it shows here at once</h3>
      )}
      {commands.map(({ label, command }) => (
        <CopyBlock key={label} label={label} text={command} />
      ))}
    </section>
  );
}
