import { createDocument, type ZodOpenApiPathsObject } from 'zod-openapi';
import { z } from 'zod';
import { recordedCalls, withExamples } from './examples/with-examples.ts';
import { needsOf, type Route } from './route.ts';
import { problems } from './schemas/problem.ts';

/** The document that describes the API, itself one of its routes. It is made when first asked for: making it costs more than a start. */
export function openapiRoutes(routes: readonly Route[]): Route[] {
  let made: string | undefined;
  const text = () => (made ??= JSON.stringify(withExamples(documentOf([...routes, own]), recordedCalls())));
  const own: Route = {
    method: 'get',
    path: '/api/v1/openapi.json',
    needs: 'open',
    operation: {
      operationId: 'openapi',
      summary: 'This document',
      tags: ['openapi'],
      responses: {
        200: {
          description: 'OpenAPI 3.1',
          content: { 'application/json': { schema: z.looseObject({ openapi: z.string().meta({ examples: ['3.1.1'] }) }) } },
        },
        ...problems(),
      },
    },
    handle: (_request, response) => void response.type('application/json').send(text()),
  };
  return [own];
}

function documentOf(routes: readonly Route[]) {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes) {
    const { path, method, operation } = route;
    paths[path] = { ...paths[path], [method]: { ...operation, ...accessOf(route) } };
  }
  return createDocument(
    {
      openapi: '3.1.1',
      info: {
        title: 'TMWS',
        version: '1',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
        description:
          'JSON by proto3 JSON rules: lowerCamelCase, 64-bit numbers as decimal texts, absent optional fields absent. Every answer ' +
          'has `x-request-id`, the one you sent or a new one. Errors are application/problem+json. The namespace is the header ' +
          '`x-tmws-namespace` or `?namespace=`. No CORS: other sites cannot call this from a browser.',
      },
      servers: [{ url: '/' }],
      components: { securitySchemes },
      paths,
    },
    {
      // Fields may be added; who reads must not mind.
      override: ({ jsonSchema, io }) => {
        if (io === 'output' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
      },
    },
  );
}

const securitySchemes = {
  bearer: { type: 'http', scheme: 'bearer', description: 'An API key, or a token of the OpenID provider' },
  basic: { type: 'http', scheme: 'basic', description: 'Any user; the password is an API key' },
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: 'tmws_session',
    description:
      'A session of the console. What is not GET also needs the header `x-tmws-csrf`, whose value GET /api/v1/session says',
  },
} as const;

/** What it asks of who comes, where sign-in is on. */
function accessOf(route: Route) {
  const needs = needsOf(route);
  if (needs === 'open') return { security: [] };
  return {
    security: Object.keys(securitySchemes).map((name) => ({ [name]: [] })),
    'x-tmws-scope': needs.scope,
    ...(needs.everyNamespace === true && { 'x-tmws-every-namespace': true }),
  } as const;
}
