import { grpcNeeds } from '../../libs/lifecycle/src/grpc-scopes.ts';
import { callGraph, grpcServices } from './call-graph.ts';
import { callsTemplate, committedCalls } from './generate.ts';

const graph = callGraph();

test('who may call which method is what protos and code say; `node tools/mesh/generate.ts` writes it', () => {
  expect(committedCalls()).toBe(callsTemplate(graph));
});

test('every method is of a service that is served, and every service is served by one', () => {
  const methods = [...grpcServices().values()].flatMap(({ name, methods: own }) => own.map((method) => `${name}/${method}`));
  expect(
    Object.values(graph.calls)
      .flatMap((by) => Object.values(by).flat())
      .filter((called) => !methods.includes(called)),
  ).toEqual([]);
  expect(Object.values(graph.served).flat().toSorted()).toEqual([...grpcServices().values()].map(({ name }) => name).toSorted());
});

test('services ask the gateway who may come in, and nothing else of it: keys are not theirs', () => {
  const asked = new Set(Object.values(graph.calls.gateway ?? {}).flat());
  expect([...asked]).toEqual(['tmws.access.v1.AccessService/Authenticate']);
});

test('what only the fleet itself may call is called by a part of it', () => {
  const all = [...grpcServices().values()].flatMap(({ name, methods }) => methods.map((method) => `${name}/${method}`));
  const internal = all.filter((method) => grpcNeeds(method).scope === 'service');
  const called = new Set(Object.values(graph.calls).flatMap((by) => Object.values(by).flat()));
  expect(internal.length).toBeGreaterThan(0);
  expect(internal.filter((method) => !called.has(method))).toEqual([]);
});
