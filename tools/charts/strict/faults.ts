import { type KubernetesTypes } from '@tmws/testkit';
import { type Manifest } from '../manifest.ts';
import { builtInFaults, isBuiltIn } from './built-in.ts';
import { operatorKinds } from './operator-kinds.ts';

/** What is wrong with an object, each fault with its path below the object; empty = nothing. A kind nobody described is a fault. */
export function faultsOf(object: Manifest, types: KubernetesTypes): string[] {
  if (isBuiltIn(object)) return builtInFaults(object, types);
  const schema = operatorKinds[`${object.apiVersion} ${object.kind}`];
  if (schema === undefined) return [` is ${object.kind} of ${object.apiVersion}, which tools/charts/strict does not describe`];
  const { error } = schema.safeParse(object);
  return (error?.issues ?? []).map(({ path, message }) => `${pathText(path)}: ${message}`);
}

const pathText = (path: readonly PropertyKey[]) =>
  path.map((part) => (typeof part === 'number' ? `[${String(part)}]` : `.${String(part)}`)).join('');
