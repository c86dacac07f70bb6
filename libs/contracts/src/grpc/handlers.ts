import type { DescMessage, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import type { GenServiceMethods } from '@bufbuild/protobuf/codegenv2';
import type { Problem } from '@tmws/problems';
import type { Caller } from '../caller.ts';

/** What a handler knows of the call beside its message. */
export interface GrpcCall {
  readonly caller: Caller;
  /** Aborted when the client leaves or its deadline passes. */
  readonly signal: AbortSignal;
}

/** A call before it is let in. */
export interface GrpcKnock {
  /** `tmws.timeline.v1.TimelineService/GetExecution` */
  readonly method: string;
  /** One value of the metadata. */
  readonly text: (key: string) => string | undefined;
  /** The address it comes from, without the port. */
  readonly ip: string;
  readonly requestId: string;
  /** Aborted when the call is over. */
  readonly over: AbortSignal;
  /** Ends a call that was let in: who called may not go on. */
  readonly end: (problem: Problem) => void;
}

/** Decides who calls, before the handler runs. @throws Problem `unauthenticated` or `forbidden` */
export type Admit = (knock: GrpcKnock) => Promise<Caller>;

/** A function for each method of a service of unary calls that decodes the request itself. */
export type UndecodedHandlers<T extends GenServiceMethods> = {
  readonly [K in keyof T]: (request: Buffer, call: GrpcCall) => Promise<OutputInit<T[K]>>;
};

export type Input<M> = M extends { input: infer I extends DescMessage } ? MessageShape<I> : never;
export type InputInit<M> = M extends { input: infer I extends DescMessage } ? MessageInitShape<I> : never;
export type Output<M> = M extends { output: infer O extends DescMessage } ? MessageShape<O> : never;
export type OutputInit<M> = M extends { output: infer O extends DescMessage } ? MessageInitShape<O> : never;

/** A function for each method of a service; streams are async iterables, so a slow reader slows its writer. */
export type Handlers<T extends GenServiceMethods> = {
  readonly [K in keyof T]: T[K]['methodKind'] extends 'unary'
    ? (request: Input<T[K]>, call: GrpcCall) => Promise<OutputInit<T[K]>>
    : T[K]['methodKind'] extends 'server_streaming'
      ? (request: Input<T[K]>, call: GrpcCall) => AsyncIterable<OutputInit<T[K]>>
      : T[K]['methodKind'] extends 'client_streaming'
        ? (requests: AsyncIterable<Input<T[K]>>, call: GrpcCall) => Promise<OutputInit<T[K]>>
        : (requests: AsyncIterable<Input<T[K]>>, call: GrpcCall) => AsyncIterable<OutputInit<T[K]>>;
};
