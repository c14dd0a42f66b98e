// What is inside, and must hear nothing: servers on loopback that hang up, and count who called.

import { type AddressInfo, createServer, type Socket } from 'node:net';
import { after } from 'node:test';
import { listen } from './harness.ts';

export interface Inside {
  /** How many connections there were. */
  called: number;
  readonly port: number;
  /** Whether one is at ::1, too. */
  readonly hasIPv6: boolean;
}

/** Starts them at one port, until the test file ends. */
export async function startedInside(): Promise<Inside> {
  const hangUp = (socket: Socket) => {
    state.called += 1;
    socket.destroy();
  };
  const servers = [createServer(hangUp), createServer(hangUp)] as const;
  await listen(servers[0]);
  const { port } = servers[0].address() as AddressInfo;
  const hasIPv6 = await new Promise<boolean>((resolve) => {
    servers[1].once('error', () => resolve(false));
    servers[1].listen(port, '::1', () => resolve(true));
  });
  after(() => {
    for (const server of servers) server.close();
  });
  const state = { called: 0, port, hasIPv6 };
  return state;
}
