// Writes charts/tmws-lib/templates/_calls.tpl: `node tools/mesh/generate.ts` after a change of who calls whom.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { callGraph, type CallGraph, root } from './call-graph.ts';

export const callsPath = join(root, 'charts/tmws-lib/templates/_calls.tpl');

/** The graph as two templates of the library chart, each YAML. */
export function callsTemplate({ served, calls }: CallGraph): string {
  const lines = [
    '{{/* Made from the protos and the code by `node tools/mesh/generate.ts`; a test holds it to them. */}}',
    '{{/* gRPC methods by who serves them, then by who calls them. */}}',
    '{{- define "tmws.grpcCalls" -}}',
    ...Object.entries(calls).flatMap(([owner, by]) => [
      `${owner}:`,
      ...Object.entries(by).flatMap(([caller, methods]) => [`  ${caller}:`, ...methods.map((method) => `    - ${method}`)]),
    ]),
    '{{- end }}',
    '',
    '{{/* gRPC services by who serves them. */}}',
    '{{- define "tmws.grpcServices" -}}',
    ...Object.entries(served).flatMap(([owner, names]) => [`${owner}:`, ...names.map((name) => `  - ${name}`)]),
    '{{- end }}',
    '',
  ];
  return lines.join('\n');
}

/** What is committed. */
export const committedCalls = (): string => readFileSync(callsPath, 'utf8');

if (import.meta.main) writeFileSync(callsPath, callsTemplate(callGraph()));
