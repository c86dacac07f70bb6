import type { Handlers, ImportService, OperationService, StartImportRequest } from '@tmws/contracts';
import { Problem } from '@tmws/problems';
import type { Imported, ImportStore } from '../import-ports.ts';
import { type lookAtOperations, pageOf } from '../usecases/operations.ts';
import type { startImport } from '../usecases/start-import.ts';
import type { watchOperation } from '../usecases/watch-operation.ts';
import { importMessage, operationMessage } from './import-messages.ts';

interface ImportHandlersOptions {
  readonly start: ReturnType<typeof startImport>;
  readonly imports: Pick<ImportStore, 'find' | 'list'>;
}

/** ImportService over the use cases. */
export function importHandlers({ start, imports }: ImportHandlersOptions): Handlers<typeof ImportService.method> {
  return {
    async startImport(requests, { caller }) {
      const iterator = requests[Symbol.asyncIterator]();
      const first = await iterator.next();
      const options = first.done === true ? undefined : first.value.part;
      if (options?.case !== 'options')
        throw new Problem('invalid', 'the first message has no options; it must have them, the others a chunk each');
      return { operation: operationMessage(await start(caller.namespace, options.value.name, chunksOf(iterator))) };
    },
    async listImports(request, { caller }) {
      const { items, nextCursor } = await pageOf(
        request,
        ({ importedMs, id }: Imported) => ({ ms: importedMs, id }),
        (limit, after) => imports.list(caller.namespace, limit, after),
      );
      return { items: items.map(importMessage), nextCursor };
    },
    async getImport({ id }, { caller }) {
      const found = await imports.find(caller.namespace, id);
      if (found === undefined)
        throw new Problem('not_found', `there is no import ${JSON.stringify(id.slice(0, 80))} in this namespace that is done`);
      return { import: importMessage(found) };
    },
  };
}

async function* chunksOf(requests: AsyncIterator<StartImportRequest>): AsyncIterable<Uint8Array> {
  for (let next = await requests.next(); next.done !== true; next = await requests.next()) {
    const { part } = next.value;
    if (part.case !== 'chunk') throw new Problem('invalid', 'a message after the first has no chunk');
    yield part.value;
  }
}

interface OperationHandlersOptions {
  readonly operations: ReturnType<typeof lookAtOperations>;
  readonly watch: ReturnType<typeof watchOperation>;
}

/** OperationService over the use cases. */
export function operationHandlers({ operations, watch }: OperationHandlersOptions): Handlers<typeof OperationService.method> {
  return {
    async getOperation({ id }, { caller }) {
      return { operation: operationMessage(await operations.get(caller.namespace, id)) };
    },
    async listOperations(request, { caller }) {
      const { items, nextCursor } = await operations.list(caller.namespace, request);
      return { items: items.map(operationMessage), nextCursor };
    },
    async cancelOperation({ id }, { caller }) {
      return { operation: operationMessage(await operations.cancel(caller.namespace, id)) };
    },
    async *watchOperation({ id }, { caller, signal }) {
      for await (const operation of watch(caller.namespace, id, signal)) yield { operation: operationMessage(operation) };
    },
  };
}
