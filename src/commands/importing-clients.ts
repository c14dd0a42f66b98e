// Clients from elsewhere, one by one.

import { readClientMetadata } from '../clients/metadata.ts';
import type { BroughtClient } from '../imports/brought.ts';
import { grantTypes } from '../oauth/grants/all.ts';
import { isOpenIdScope, parseScope } from '../protocol/scope.ts';
import type { NewClient } from '../registry/client-registry.ts';
import { SubjectTaken } from '../store/store.ts';
import type { SeededWorkplace } from './operator.ts';
import type { Report } from './report.ts';

/** Fields without which a client works as before, but for what they say. */
const DISPENSABLE: ReadonlySet<string> = new Set([
  'client_name',
  'client_uri',
  'logo_uri',
  'policy_uri',
  'tos_uri',
  'post_logout_redirect_uris',
  'backchannel_logout_uri',
  'backchannel_logout_session_required',
  'frontchannel_logout_uri',
  'frontchannel_logout_session_required',
  'access_token_ttl',
]);

/** Adds a client, unless there is one with the id. */
export async function importClient(
  workplace: SeededWorkplace,
  given: BroughtClient,
  isTrial: boolean,
  report: Report,
): Promise<void> {
  const { clients, store } = workplace;
  const id = given.client_id;
  const { clients: count } = report;
  const remark = (what: string) => void report.remarks.push({ about: `client ${id}`, what });
  const entry = soundEntry(workplace, given, remark);
  if (entry === undefined) {
    count.refused += 1;
    return;
  }
  const isAdded = isTrial ? !(await isTaken(workplace, id)) : await register(clients, entry);
  if (isAdded) {
    count.added += 1;
  } else if ((await store.clients.find(id)) !== undefined) {
    count.there += 1;
    remark('is there already, and stays as it is here');
  } else {
    count.refused += 1;
    remark('cannot be taken: a person has the id here');
  }
}

async function isTaken({ store }: SeededWorkplace, id: string): Promise<boolean> {
  const [client, user] = await Promise.all([store.clients.find(id), store.users.find(id)]);
  return client !== undefined || user !== undefined;
}

async function register(clients: SeededWorkplace['clients'], entry: NewClient): Promise<boolean> {
  try {
    await clients.register(entry);
    return true;
  } catch (error) {
    if (error instanceof SubjectTaken) return false;
    throw error;
  }
}

/** What is left of a client if it goes without what is wrong; `undefined` if it cannot. */
function soundEntry(
  { config: { production }, seed }: SeededWorkplace,
  given: BroughtClient,
  remark: (what: string) => void,
): NewClient | undefined {
  const scopes = Object.keys(seed.scopes);
  const isKnown = (word: string) => isOpenIdScope(word) || scopes.includes(word);
  const rules = { grantTypes, scopes, resources: Object.keys(seed.resources), production };
  const scope = given.scope && parseScope(given.scope).filter(isKnown).join(' ');
  const entry = { ...given, scope };
  const problemsOf = (one: object) => readClientMetadata(one, rules).problems;
  const problems = problemsOf(entry);
  const fieldOf = (field: string) => /^\w*/.exec(field)![0];
  const wrong = new Set(problems.map(({ field }) => fieldOf(field)));
  const kept = Object.entries(entry).filter(([name]) => !wrong.has(name) || !DISPENSABLE.has(name));
  const rest = Object.fromEntries(kept);
  const remaining = problems.length === 0 ? [] : problemsOf(rest);
  if (remaining.length > 0) {
    const what = remaining.map(({ field, problem }) => `${field} ${problem}`).join('; ');
    remark(`cannot be taken: ${what}`);
    return undefined;
  }
  for (const { field, problem } of problems) remark(`is taken without ${field}, which ${problem}`);
  return rest as unknown as NewClient;
}
