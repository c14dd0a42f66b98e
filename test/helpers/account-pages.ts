// The pages of an account, over HTTP.

import { PERSON_CLAIMS } from '../../src/protocol/claims.ts';
import { authorizeAs, authorizeUrl } from './flows.ts';
import type { TestServer } from './harness.ts';
import type { Answer } from './http.ts';
import type { Person } from './http-person.ts';
import { IDENTITY, KNOWN } from './identity.ts';

/** Visits each of them, in each of its states. */
export async function visitAccount(
  server: TestServer,
  {
    someone,
    keep,
  }: {
    someone(at: TestServer): Person;
    keep(view: string, name: string, answer: Answer): Answer;
  },
): Promise<void> {
  const bob = someone(server);
  await bob.signIn(await bob.visit('/account'), 'bob', 'builder');
  keep('account', 'without apps', await bob.visit('/account'));
  const { store } = server;
  await store.users.save({ ...(await store.users.findByUsername('bob'))!, ...KNOWN });

  const resource = 'https://api.example/';
  await bob.allow(authorizeUrl(server, { resource }));
  await (await authorizeAs(server, { person: bob })).exchange();
  const identity = { redirect_uri: IDENTITY.redirect_uris[0], scope: undefined };
  await bob.allow(authorizeUrl(server, { client_id: IDENTITY.client_id, ...identity }));
  await server.store.consents.add({
    ...{ userId: 'user-2', clientId: 'legacy', resource: '', scope: ['read'] },
    claims: PERSON_CLAIMS,
    createdAt: Date.now() - 90 * 24 * 3_600_000,
  });
  await server.store.consents.add({
    ...{ userId: 'user-2', clientId: 'legacy', resource: 'https://bank.example/api', scope: [] },
  });
  for (const clientId of ['native', 'phone']) {
    await store.clients.save({ ...(await store.clients.find(clientId))!, name: '…' });
    const scope = Array.from({ length: 8 }, (_, n) => `… ${n}`);
    await store.consents.add({ userId: 'user-2', clientId, resource: '', scope });
  }
  const system = (name: string) => `Mozilla/5.0 (${name}) AppleWebKit/605.1.15 (KHTML, like Gecko)`;
  for (const userAgent of [`${system('iPhone')} Safari/604.1`, system('X11'), 'curl/8']) {
    const other = someone(server);
    other.headers['user-agent'] = userAgent;
    await other.signIn(await other.visit('/account'), 'bob', 'builder');
  }
  const full = keep('account', 'with apps and browsers', await bob.visit('/account'));
  const removal = keep('remove-app', 'asked', await bob.visit('/account/remove-app?client_id=web'));
  keep('remove-app', 'out of date', await bob.submit(removal, { csrf_token: 'x' }));
  keep('account', 'an app removed', await bob.submit(removal, {}));

  const signOut = (fields: Record<string, string>) =>
    bob.visit('/account/sign-out', { method: 'POST', body: new URLSearchParams(fields) });
  const [, csrf_token = '', session = ''] =
    /action="\/account\/sign-out">\s*<[^>]*value="([^"]*)">\s*<[^>]*value="([^"]*)">/.exec(
      full.text,
    ) ?? [];
  keep('account', 'out of date', await signOut({}));
  keep('account', 'a browser signed out', await signOut({ csrf_token, session }));
  keep('account', 'all others signed out', await signOut({ csrf_token }));

  const form = keep('password', 'asked', await bob.visit('/account/password'));
  const fresh = 'can we fix it, yes we can';
  const change = (current: string, next: string, again = next, more = {}) =>
    bob.submit(form, {
      current_password: current,
      new_password: next,
      new_password_again: again,
      ...more,
    });
  keep('password', 'short', await change('builder', 'short'));
  keep('password', 'easy', await change('builder', 'a'.repeat(20)));
  keep('password', 'unusable', await change('builder', `${fresh}\0`));
  keep('password', 'different', await change('builder', fresh, 'another'));
  keep('password', 'out of date', await change('builder', fresh, fresh, { csrf_token: 'x' }));
  keep('account', 'password changed', await change('builder', fresh));
  const next = await bob.visit('/account/password');
  const wrong = { current_password: 'x', new_password: 'x'.repeat(9) + fresh };
  const refuse = () => bob.submit(next, { ...wrong, new_password_again: wrong.new_password });
  keep('password', 'wrong', await refuse());
  const same = { current_password: fresh, new_password: fresh, new_password_again: fresh };
  keep('password', 'the same', await bob.submit(next, same));
  for (let attempt = 0; attempt < 2; attempt += 1) await refuse();
  keep('password', 'too many attempts', await refuse());

  const carol = { id: 'user-4', username: 'carol' };
  await store.users.save({ ...(await store.users.findByUsername('alice'))!, ...carol });
  const { url } = (await server.users.createResetLink(carol.id))!;
  const guest = someone(server);
  const link = keep('reset-password', 'asked', await guest.visit(url));
  const set = (next: string, again = next) =>
    guest.submit(link, { new_password: next, new_password_again: again });
  keep('reset-password', 'short', await set('short'));
  keep('reset-password', 'different', await set(fresh, 'another'));
  keep('login', 'a new password set', await set(fresh));
  keep('reset-password', 'over', await guest.visit(url));

  const busy = { id: 'user-3', username: 'dora' };
  await store.users.save({ ...(await store.users.findByUsername('alice'))!, ...busy });
  const dora = someone(server);
  await dora.signIn(await dora.visit('/account'), busy.username);
  const signIn = { client_id: IDENTITY.client_id, ...identity, scope: 'openid' };
  await dora.allow(authorizeUrl(server, signIn), busy.username);
  const consent = { userId: busy.id, resource: '', scope: ['read'] };
  const client = await store.clients.find('web');
  for (let id = 1; id <= 102; id += 1) {
    await store.clients.save({ ...client!, id: String(id), name: String(id) });
  }
  const at = (resource: string) => store.consents.add({ ...consent, clientId: '1', resource });
  const numbers = Array.from({ length: 99 }, (_, n) => String(n + 1));
  await Promise.all(numbers.map((clientId) => store.consents.add({ ...consent, clientId })));
  for (const number of numbers.slice(0, 20)) await at(`https://${number}.example/`);
  for (const [name, one] of [
    ['one more of each', '101'],
    ['more of each', '102'],
  ] as const) {
    await store.consents.add({ ...consent, clientId: one });
    if (one === '102') await at('https://102.example/');
    keep('account', name, await dora.visit('/account'));
  }
}
