// A way to the database that takes as long as one to another city: a proxy that holds everything
// back, in both directions, and changes nothing.

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Milliseconds there and back. */
const ROUND_TRIP = 40;

/** Passes on what comes from one socket to the other, half a round trip later. */
function pass(from: Socket, to: Socket): void {
  from.on('data', (chunk) => setTimeout(() => to.write(chunk), ROUND_TRIP / 2));
  from.on('end', () => setTimeout(() => to.end(), ROUND_TRIP / 2));
  from.on('error', () => to.destroy());
  from.on('close', () => setTimeout(() => to.destroy(), ROUND_TRIP));
}

/** Starts the proxy in front of a port of this machine. */
export async function startDelay(port: number): Promise<{ port: number; stop(): void }> {
  const sockets = new Set<Socket>();
  const proxy = createServer({ noDelay: true }, (inner) => {
    const outer = connect({ port, host: '127.0.0.1', noDelay: true });
    for (const socket of [inner, outer]) {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    }
    pass(inner, outer);
    pass(outer, inner);
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return {
    port: (proxy.address() as AddressInfo).port,
    stop() {
      proxy.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
