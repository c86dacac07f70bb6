import { create, toBinary, toJsonString } from '@bufbuild/protobuf';
import type { Door } from '@tmws/auth';
import { RpcStatusSchema } from '@tmws/contracts/otlp';
import { admitRequest, express, type Request, type Response, type Router } from '@tmws/http';
import { grpcCodes, httpStatuses, Problem } from '@tmws/problems';

/** Before OTLP over HTTP: who sends must be let in for writing before anything is read. Refusals are google.rpc.Status, in the encoding that was sent. */
export function otlpGuard(door: Door): Router {
  const router = express.Router();
  router.use(async (request, response, next) => {
    try {
      await admitRequest(door, request, response, { scope: 'write' });
    } catch (error) {
      refuse(request, response, Problem.from(error));
      return;
    }
    next();
  });
  return router;
}

function refuse(request: Request, response: Response, { kind, message, retryAfterMs }: Problem): void {
  const status = create(RpcStatusSchema, { code: grpcCodes[kind], message });
  if (retryAfterMs !== undefined) response.set('retry-after', String(Math.ceil(retryAfterMs / 1000)));
  response.status(httpStatuses[kind]);
  const sent = request.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase();
  if (sent !== 'application/x-protobuf') response.type('application/json').send(toJsonString(RpcStatusSchema, status));
  else response.type(sent).send(Buffer.from(toBinary(RpcStatusSchema, status)));
}
