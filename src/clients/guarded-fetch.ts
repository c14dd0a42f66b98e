// Requests that this server makes itself, to a URL that a client's record names.
//
// Such a URL must not lead into the network behind the server (server-side request forgery). The
// address is checked when the connection is made, so a name that resolves differently the second time
// gains nothing. No redirect is followed.

import type { LookupAddress } from 'node:dns';
import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { BlockList, isIP, isIPv6, type LookupFunction } from 'node:net';
import { addressesOf } from './host-names.ts';

/** Largest answer, in bytes. */
const MAX_BODY = 128 * 1024;

/** Milliseconds for the whole exchange. */
const TIMEOUT = 5000;

/**
 * IPv4 addresses that are not on the public Internet (RFC 6890 and its registry), and 168.63.129.16, which
 * looks public but is Azure's platform endpoint.
 */
const internal4 = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const) {
  internal4.addSubnet(network, prefix, 'ipv4');
}

/** IPv6 addresses that are on the public Internet, and networks among them that are not. */
const global6 = new BlockList();
global6.addSubnet('2000::', 3, 'ipv6');
const internal6 = new BlockList();
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  internal6.addSubnet(network, prefix, 'ipv6');
}

/**
 * Whether an IP address belongs to this machine or to a network that is not public. That is also
 * assumed of an address in a form that is not known here, and of an IPv4 address written as IPv6.
 */
export function isInternalAddress(address: string): boolean {
  if (isIPv6(address)) {
    return !global6.check(address, 'ipv6') || internal6.check(address, 'ipv6');
  }
  return isIP(address) !== 4 || internal4.check(address, 'ipv4');
}

/** The addresses of a name: none if one of them is inside, unless that is allowed. */
function lookupOf(allowInternal: boolean): LookupFunction {
  return (hostname, options, callback) => {
    const check = (addresses: readonly LookupAddress[]) => {
      const refused = addresses.find(({ address }) => isInternalAddress(address));
      if (refused !== undefined && !allowInternal) {
        return callback(
          new Error(`${hostname} is at ${refused.address}, which is not a public address`),
          '',
        );
      }
      if (options.all) return callback(null, [...addresses]);
      const [first] = addresses;
      return callback(null, first?.address ?? '', first?.family ?? 4);
    };
    addressesOf(hostname).then(check, (error: Error) => callback(error, ''));
  };
}

/** There was no connection: the host is not there, or may not be asked. */
export class Unreachable extends Error {}

/** The host has answered with more than this server reads. */
export class TooLong extends Error {}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/**
 * The answer to a GET.
 *
 * @param allowInternal whether the URL may be http and may lead to an address that is not public
 * @param accept media types
 * @throws Error that says what was wrong, for the log; an Unreachable if it is wrong with the whole
 *   host, and a TooLong if there was an answer
 */
export function get(
  url: string,
  allowInternal: boolean,
  accept = 'application/json',
): Promise<Answer> {
  return send(url, allowInternal, { method: 'GET', headers: { accept } }, readBody);
}

/**
 * The status of the answer to a form that is POSTed. What else the answer says is not read.
 *
 * @param allowInternal as for `get`, as are the errors
 */
export function post(url: string, allowInternal: boolean, form: URLSearchParams): Promise<number> {
  const body = String(form);
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': Buffer.byteLength(body),
  };
  return send(url, allowInternal, { method: 'POST', headers, body }, async (res) => {
    // It may break off now: nobody reads any further.
    res.on('error', () => {}).destroy();
    return res.statusCode ?? 0;
  });
}

interface Sent {
  readonly method: 'GET' | 'POST';
  readonly headers: OutgoingHttpHeaders;
  readonly body?: string;
}

/** @param read takes what is wanted from a response */
async function send<Wanted>(
  url: string,
  allowInternal: boolean,
  { body, ...sent }: Sent,
  read: (res: IncomingMessage, origin: string) => Promise<Wanted>,
): Promise<Wanted> {
  const { origin, protocol, hostname } = new URL(url);
  const literal = hostname.replace(/^\[|\]$/g, '');
  if (!allowInternal) {
    if (protocol !== 'https:') throw new Error(`${origin} is not https`);
    // For a literal address there is no look-up, so it is checked here.
    if (isIP(literal) !== 0 && isInternalAddress(literal)) {
      throw new Error(`${literal} is not a public address`);
    }
  }
  // Loaded here, because most servers fetch nothing.
  const { request } = process.getBuiltinModule(protocol === 'https:' ? 'node:https' : 'node:http');
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(TIMEOUT);
    const options = {
      ...sent,
      signal,
      // Always a new connection: one that the app around this server has left open was not guarded.
      agent: false,
      lookup: lookupOf(allowInternal),
    };
    let isConnected = false;
    const fail = (error: Error) => {
      const reason = signal.aborted
        ? new Error(`${origin} did not answer within ${TIMEOUT / 1000} seconds`)
        : error;
      reject(isConnected ? reason : new Unreachable(reason.message, { cause: reason }));
    };
    const req = request(url, options, (res) => {
      read(res, origin).then(resolve, fail);
    });
    req.on('socket', (socket) => {
      socket.once(protocol === 'https:' ? 'secureConnect' : 'connect', () => {
        isConnected = true;
      });
    });
    // Otherwise there would be neither an answer nor an error, not even once the time is over.
    req.on('upgrade', (_res, socket) => {
      socket.destroy();
      reject(new Error(`${origin} went over to another protocol`));
    });
    req.on('error', fail);
    req.end(body);
  });
}

function readBody(res: IncomingMessage, origin: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    res.on('data', (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
      if (size > MAX_BODY)
        res.destroy(new TooLong(`${origin} answered with more than ${MAX_BODY} bytes`));
    });
    res.on('error', reject);
    res.on('end', () => {
      const { statusCode: status = 0, headers } = res;
      // In memory of its own: a small part of the pool would keep all of the pool.
      const body = Buffer.allocUnsafeSlow(size);
      chunks.reduce((at, chunk) => at + chunk.copy(body, at), 0);
      resolve({ status, headers, body });
    });
  });
}
