// A name server of the tests, on loopback, which the server asks instead of the machine's.

import { createSocket, type RemoteInfo } from 'node:dgram';
import dns, { type LookupAddress } from 'node:dns';
import { once } from 'node:events';
import { syncBuiltinESMExports } from 'node:module';
import { isIPv4 } from 'node:net';
import { mock } from 'node:test';

const A = 1;
const AAAA = 28;
const NO_SUCH_NAME = 3;

/** What it says of a name: its addresses, `none` if there is no such name; or nothing at all. */
export type Said = readonly string[] | 'none' | 'nothing';

export interface Names {
  /** The names that it was asked for, once for each pair of questions. */
  readonly asked: string[];
  /** What the system's resolver was asked for. */
  readonly askedOfSystem: string[];
}

export interface Knowledge {
  /** @param round how often it was asked for the name before */
  says(name: string, round: number): Said | Promise<Said>;
  /** What the system's resolver knows on top of that: nothing, unless this is given. */
  systemSays?(name: string): Promise<LookupAddress[]>;
}

/** Runs while names are looked up at such a server, and nowhere else. */
export async function withNames(
  { says, systemSays = unknownToSystem }: Knowledge,
  run: (names: Names) => Promise<void>,
): Promise<void> {
  const names = { asked: [] as string[], askedOfSystem: [] as string[] };
  const askedFor6: string[] = [];
  const socket = createSocket('udp4');
  socket.on('message', async (question, from) => {
    const { name, type, end } = readQuestion(question);
    const list = type === A ? names.asked : askedFor6;
    const round = list.filter((other) => other === name).length;
    list.push(name);
    const said = await says(name, round);
    if (said !== 'nothing') reply(question.subarray(0, end), type, said, from);
  });
  function reply(question: Buffer, type: number, said: readonly string[] | 'none', to: RemoteInfo) {
    try {
      socket.send(answerTo(question, type, said), to.port, to.address);
    } catch {
      // It is closed: whoever asked has given up.
    }
  }
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const server = `127.0.0.1:${socket.address().port}`;

  const { Resolver } = dns.promises;
  dns.promises.Resolver = class extends Resolver {
    constructor(options?: dns.ResolverOptions) {
      super(options);
      this.setServers([server]);
    }
  };
  const ask = async (name: string) => {
    names.askedOfSystem.push(name);
    return systemSays(name);
  };
  const lookup = mock.method(dns.promises, 'lookup', ask as unknown as typeof dns.promises.lookup);
  syncBuiltinESMExports();
  try {
    await run(names);
  } finally {
    dns.promises.Resolver = Resolver;
    lookup.mock.restore();
    syncBuiltinESMExports();
    socket.close();
  }
}

async function unknownToSystem(name: string): Promise<never> {
  throw new Error(`getaddrinfo ENOTFOUND ${name}`);
}

/** RFC 1035 section 4.1.2. */
function readQuestion(message: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = message[at]!; length > 0; length = message[at]!) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), type: message.readUInt16BE(at + 1), end: at + 5 };
}

/** RFC 1035 section 4.1, RFC 3596 section 2.2. */
function answerTo(question: Buffer, type: number, said: readonly string[] | 'none'): Buffer {
  const addresses = said === 'none' ? [] : said.filter((text) => isIPv4(text) === (type === A));
  const known = type === A || type === AAAA ? addresses : [];
  const head = Buffer.from(question);
  head.writeUInt16BE(0x8180 | (said === 'none' ? NO_SUCH_NAME : 0), 2);
  for (const [index, count] of [1, known.length, 0, 0].entries()) {
    head.writeUInt16BE(count, 4 + 2 * index);
  }
  const records = known.map((address) => {
    const data = bytesOf(address);
    return Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 0, 0, data.length, ...data]);
  });
  return Buffer.concat([head, ...records]);
}

function bytesOf(address: string): number[] {
  if (isIPv4(address)) return address.split('.').map(Number);
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const left = head.split(':').filter(Boolean);
  const right = (tail ?? '').split(':').filter(Boolean);
  const middle = Array<string>(8 - left.length - right.length).fill('0');
  return [...left, ...middle, ...right]
    .map((part) => Number.parseInt(part, 16))
    .flatMap((part) => [part >> 8, part & 255]);
}
