/** What one can paste into a shell to see a first execution. */
export interface FirstCommand {
  label: string;
  command: string;
}

export interface CommandContext {
  /** Where the page came from: `http://127.0.0.1:8080`. */
  origin: string;
  namespace: string;
  nowMs: number;
  /** Who sends something must say who they are. */
  signedIn?: boolean;
}

const defaultKafkaPort = 9092;

/** Three ways to bring a first execution, each complete as it stands. */
export function firstCommands({ origin, namespace, nowMs, signedIn = false }: CommandContext): FirstCommand[] {
  const startedAt = new Date(nowMs - 1_200).toISOString();
  const finishedAt = new Date(nowMs).toISOString();
  const mark = Math.floor(nowMs / 1_000).toString(36);
  const step = (executionId: string) => ({ executionId, workflow: { name: 'hello' }, stepId: 'greet', startedAt, finishedAt });
  const event = {
    specversion: '1.0',
    id: `curl-${mark}`,
    source: '/shell',
    type: 'tmws.step.completed',
    subject: `hello-curl-${mark}`,
    ...(namespace !== '' && { tmwsnamespace: namespace }),
    data: step(`hello-curl-${mark}`),
  };
  const headers = [
    'ce_specversion=1.0',
    `ce_id=kcat-${mark}`,
    'ce_source=/shell',
    'ce_type=tmws.step.completed',
    ...(namespace === '' ? [] : [`ce_tmwsnamespace=${namespace}`]),
    'content-type=application/json',
  ];
  const host = new URL(origin).hostname;
  return [
    { label: 'The demo: an agent workload, in a checkout', command: 'npx -y pnpm@10 demo' },
    {
      label: 'One event over HTTP',
      command: `curl -sS ${origin}/api/v1/events \\
  -H 'content-type: application/cloudevents+json' \\
${signedIn ? '  -H "authorization: Bearer $TMWS_API_KEY" \\\n' : ''}  -d ${quoted(JSON.stringify(event))}`,
    },
    {
      label: 'One event over Kafka',
      command: `echo ${quoted(JSON.stringify(step(`hello-kcat-${mark}`)))} |
  kcat -P -b ${host}:${defaultKafkaPort} -t tmws.workflow -k hello-kcat-${mark} \\
  ${headers.map((each) => `-H ${/^[\w=./+-]+$/.test(each) ? each : quoted(each)}`).join(' ')}`,
    },
  ];
}

/** In single quotes for a POSIX shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
