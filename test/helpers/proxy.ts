// A TCP proxy on loopback, for a network that misbehaves.

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { after } from 'node:test';

export interface Proxy {
  /** The same URL, by way of the proxy. */
  through(url: string): string;
  /**
   * From now on what is said goes nowhere: by both sides, or by the server alone. Neither hears that
   * the other has gone, and who connects is let in all the same.
   */
  swallow(what?: 'all' | 'answers'): void;
  /** From now on answers wait; `pass` delivers them in one piece, and ends their connections. */
  hold(): void;
  /** From now on everything takes this many milliseconds, each way. */
  delay(ms: number): void;
  /** Sends new connections to another server. */
  leadTo(url: string): void;
  /** Breaks every connection there is. */
  cut(): void;
  /** Lets everything through again that is said from now on. */
  pass(): void;
  close(): Promise<void>;
}

/** @param url whose host and port it stands in front of; it is gone when the test file ends */
export async function createProxy(url: string): Promise<Proxy> {
  let target = new URL(url);
  const sockets = new Set<Socket>();
  let lost: 'nothing' | 'all' | 'answers' = 'nothing';
  let latency = 0;
  let held: Map<Socket, Buffer[]> | undefined;

  const forward = (from: Socket, to: Socket, isAnswer: boolean) => {
    const isLost = () => lost === 'all' || (lost === 'answers' && isAnswer);
    const later = (work: () => void) => (latency > 0 ? setTimeout(work, latency) : work());
    sockets.add(from);
    from.on('data', (chunk) => {
      if (held !== undefined && isAnswer) held.set(to, [...(held.get(to) ?? []), chunk]);
      else if (!isLost()) later(() => to.write(chunk));
    });
    from.on('close', () => {
      sockets.delete(from);
      if (lost === 'nothing' && held === undefined) later(() => to.destroy());
    });
    from.on('error', () => {});
  };
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    forward(near, far, false);
    forward(far, near, true);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');

  const proxy: Proxy = {
    through(original) {
      const changed = new URL(original);
      changed.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
      return changed.href;
    },
    swallow(what = 'all') {
      lost = what;
    },
    hold() {
      held = new Map();
    },
    delay(ms) {
      latency = ms;
    },
    leadTo(other) {
      target = new URL(other);
    },
    cut() {
      for (const socket of sockets) socket.resetAndDestroy();
    },
    pass() {
      lost = 'nothing';
      latency = 0;
      for (const [to, chunks] of held ?? []) to.end(Buffer.concat(chunks));
      held = undefined;
    },
    async close() {
      proxy.cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  after(proxy.close);
  return proxy;
}
