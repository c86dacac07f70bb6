/** What the environment says of the cluster; KUBECONFIG is kubectl's own. */
export interface Settings {
  /** Where images are pushed to. */
  readonly registry: string;
  /** What the nodes call that registry. */
  readonly pullRegistry: string;
  /** `user:password` for it. */
  readonly credential: string | undefined;
  readonly helmMajor: 3 | 4;
  /** Whether the cluster enforces NetworkPolicies. */
  readonly policiesEnforced: boolean;
  /** The node that is lost; nothing where the cluster has one only, and says so. */
  readonly lost: LostNode | undefined;
  readonly singleNode: boolean;
  /** The namespaces stay for a look. */
  readonly keep: boolean;
}

export interface LostNode {
  readonly node: string;
  /** Commands of a shell. */
  readonly kill: string;
  readonly heal: string;
}

/** @throws with all that is wrong */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const wrong: string[] = [];
  const oneOf = <T extends string>(name: string, first: T, ...others: T[]): T => {
    const value = env[name] ?? first;
    const allowed = [first, ...others];
    if (allowed.includes(value as T)) return value as T;
    wrong.push(`${name} must be ${allowed.join(' or ')} (got ${JSON.stringify(value)})`);
    return first;
  };
  const registry = env.IMAGE_REGISTRY ?? '';
  if (registry === '') wrong.push('IMAGE_REGISTRY is missing: the registry images are pushed to, like 127.0.0.1:5000');
  const [node, kill, heal] = [env.E2E_NODE, env.E2E_NODE_KILL, env.E2E_NODE_HEAL];
  const given = [node, kill, heal].filter((each) => each !== undefined && each !== '').length;
  const singleNode = oneOf('E2E_SINGLE_NODE', '0', '1') === '1';
  if (given !== 0 && given !== 3) wrong.push('E2E_NODE, E2E_NODE_KILL and E2E_NODE_HEAL go together: a node, and shell commands');
  if (given === 0 && !singleNode)
    wrong.push(
      'E2E_NODE, E2E_NODE_KILL and E2E_NODE_HEAL are missing: which node is lost and how; E2E_SINGLE_NODE=1 where there is one only',
    );
  const settings: Settings = {
    registry,
    pullRegistry: env.IMAGE_PULL_REGISTRY ?? registry.replace(/^https?:\/\//, ''),
    credential: env.IMAGE_REGISTRY_CREDENTIAL,
    helmMajor: Number(oneOf('E2E_HELM', '4', '3')) as 3 | 4,
    policiesEnforced: oneOf('E2E_NETWORK_POLICY', 'enforced', 'absent') === 'enforced',
    lost: given === 3 ? { node: node!, kill: kill!, heal: heal! } : undefined,
    singleNode,
    keep: oneOf('E2E_KEEP', '0', '1') === '1',
  };
  if (wrong.length > 0) throw new Error(`${wrong.length} settings are wrong: ${wrong.join('; ')}`);
  return settings;
}
