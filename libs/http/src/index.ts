export { openHttpServer, type HttpServer, type HttpServerOptions } from './server.ts';
export { answerProblem } from './answer-problem.ts';
export { admitRequest, identifyRequest, principalOf, sourceOf } from './admit-request.ts';
export { callerOf } from './caller-of.ts';
export { lastEventId, openStream, type Stream } from './stream.ts';
export { readBody, type ReadBodyOptions } from './read-body.ts';
export { default as express, type Request, type Response, type Router } from 'express';
