import { type DescMessage, type MessageShape, toJson } from '@bufbuild/protobuf';
import type { Response } from '@tmws/http';

/** Answers with a message as proto3 JSON; fields that are empty are there. */
export function answer<S extends DescMessage>(response: Response, schema: S, message: MessageShape<S>): void {
  response.json(toJson(schema, message, { alwaysEmitImplicit: true }));
}
