// The addresses of hosts that strangers may name.
//
// The system's resolver (getaddrinfo) blocks a thread until it has an answer, and a process has few
// threads for that. A name whose servers never answer would hold one for up to half a minute, and nobody
// can break that off. With a few such names, no other host could be looked up: no database either. So
// DNS is asked without threads, for a limited time. The system's resolver comes last, for what it alone
// knows, and has one thread for that at the most.

import { CANCELLED, getDefaultResultOrder, type LookupAddress, TIMEOUT } from 'node:dns';
import { lookup, Resolver } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';

/** Milliseconds for the answers of DNS, and until a server is asked again, or the next one. */
const DNS_TIMEOUT = 3000;
const AGAIN = 1000;

/** Milliseconds that a name waits for its turn with the system's resolver. */
const PATIENCE = 2000;

/** The codes of errors that say that no server has answered. */
const SILENCE: ReadonlySet<string> = new Set([TIMEOUT, CANCELLED]);

const HOSTS_FILE = '/etc/hosts';

type Addresses = readonly LookupAddress[];

/** By name: whoever asks meanwhile waits for the same answer. */
const lookUps = new Map<string, Promise<Addresses>>();

/** Ends when the system's resolver has answered for all names so far. */
let systemIsFree: Promise<unknown> = Promise.resolve();

/**
 * The addresses of a host, as the system would find them: in its file of hosts, by DNS, or in another way.
 *
 * @param hostname in the form that it has in a URL
 * @throws Error if it has none, or they do not come in time. The caller may have given up before.
 */
export function addressesOf(hostname: string): Promise<Addresses> {
  const begun = lookUps.get(hostname);
  if (begun !== undefined) return begun;
  const found = lookUp(hostname).finally(() => lookUps.delete(hostname));
  lookUps.set(hostname, found);
  return found;
}

async function lookUp(hostname: string): Promise<Addresses> {
  const listed = await inHostsFile(hostname);
  if (listed.length > 0) return listed;
  // A search domain, or another source of names, may know more than DNS does.
  return (await byDns(hostname)) ?? bySystem(hostname);
}

/** hosts(5): an address and its names on each line. There may be no such file. */
async function inHostsFile(hostname: string): Promise<Addresses> {
  const text = await readFile(HOSTS_FILE, 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => {
    const [address = '', ...names] = line.replace(/#.*/, '').toLowerCase().trim().split(/\s+/);
    const family = isIP(address);
    return family !== 0 && names.includes(hostname) ? [{ address, family }] : [];
  });
}

/**
 * What DNS says.
 *
 * @returns `undefined` if it has said that there is nothing, or cannot say
 * @throws Error if it says nothing: the system's resolver would wait for longer
 */
async function byDns(hostname: string): Promise<Addresses | undefined> {
  const resolver = new Resolver({ timeout: AGAIN, tries: 2 });
  const timer = setTimeout(() => resolver.cancel(), DNS_TIMEOUT);
  const answers = await Promise.allSettled([
    resolver.resolve4(hostname),
    resolver.resolve6(hostname),
  ]);
  clearTimeout(timer);
  const [four, six] = answers.map((answer) =>
    answer.status === 'fulfilled' ? answer.value : [],
  ) as [string[], string[]];
  const addresses = getDefaultResultOrder() === 'ipv6first' ? [...six, ...four] : [...four, ...six];
  if (addresses.length > 0) return addresses.map((address) => ({ address, family: isIP(address) }));
  const isSilent = answers.some(
    (answer) => answer.status === 'rejected' && SILENCE.has(answer.reason.code),
  );
  if (isSilent) throw new Error(`the name servers of ${hostname} did not answer`);
  return undefined;
}

/** What the system's resolver says, which is asked for one name at a time. */
function bySystem(hostname: string): Promise<Addresses> {
  const until = performance.now() + PATIENCE;
  const found = systemIsFree.then(() => {
    if (performance.now() > until) throw new Error(`${hostname} could not be looked up in time`);
    return lookup(hostname, { all: true });
  });
  systemIsFree = found.catch(() => {});
  return found;
}
