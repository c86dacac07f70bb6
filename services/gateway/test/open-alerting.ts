// A gateway beside an alerting of canned answers, on real sockets.
import { type GrpcServer, openGrpcServer } from '@tmws/contracts';
import { openLogger, openMetrics } from '@tmws/telemetry';
import { openGateway } from './open-gateway.ts';
import type { Heard } from './overheard.ts';

/** @param serve  adds what alerting answers; what it is asked goes to `heard` through `overheard` */
export async function openAlerting(serve: (server: GrpcServer, heard: Heard[]) => void) {
  const heard: Heard[] = [];
  const server = openGrpcServer({ host: '127.0.0.1', port: 0, logger: openLogger('fake', 'silent'), metrics: openMetrics() });
  serve(server, heard);
  const gateway = await openGateway({ GATEWAY_ALERTING_ADDRESS: `127.0.0.1:${await server.listen()}` });
  return {
    gateway,
    heard,
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await server.close(0);
    },
  };
}
