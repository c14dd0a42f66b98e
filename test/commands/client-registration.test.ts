// client ...-registration-access-token: what clients that registered themselves manage that with.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { administered } from '../helpers/administered.ts';
import { APP, manageClient, registerClient } from '../helpers/registering.ts';

describe('a registration access token that an operator ends', async () => {
  const { server, cli } = await administered({ REGISTRATION: 'open' });
  const newClient = async () => (await registerClient(server, APP)).json;
  const statusOf = async (client: Awaited<ReturnType<typeof newClient>>) =>
    (await manageClient(client, 'GET')).status;

  it('is followed by a new one, which is shown once, with the URL that it is for', async () => {
    const client = await newClient();
    const again = { ...APP, client_id: client.client_id };
    const replaced = (await manageClient(client, 'PUT', again)).json;
    const { json, code, stderr } = await cli(
      `client rotate-registration-access-token ${client.client_id} --json`,
    );
    assert.equal(code, 0, stderr);
    assert.match(stderr, /The token is shown this once\. Those before it have ended\.\n$/);
    assert.equal(json.registration_client_uri, client.registration_client_uri);
    assert.deepEqual([await statusOf(client), await statusOf(replaced)], [401, 401]);
    assert.equal((await manageClient(json, 'PUT', again)).status, 200);
  });

  it('is followed by none, until the client is given one', async () => {
    const [one, other] = [await newClient(), await newClient()];
    const drop = `client drop-registration-access-token ${one.client_id} --json`;
    assert.equal((await cli(drop)).code, 1, 'nobody was asked');
    assert.equal(await statusOf(one), 200);
    assert.deepEqual((await cli(`${drop} --yes`)).json, { dropped: [one.client_id] });
    assert.deepEqual([await statusOf(one), await statusOf(other)], [401, 200]);
    assert.deepEqual((await cli(`${drop} --yes`)).json, { dropped: [] });
    const { json } = await cli(`client rotate-registration-access-token ${one.client_id} --json`);
    assert.equal(await statusOf(json), 200);
  });

  it('ends with those of all clients, which stay what they are', async () => {
    const clients = [await newClient(), await newClient()];
    const { json } = await cli('client drop-registration-access-token --all --yes --json');
    for (const client of clients) {
      assert.ok(json.dropped.includes(client.client_id));
      assert.equal(await statusOf(client), 401);
      const shown = await cli(`client show ${client.client_id} --json`);
      assert.equal(shown.json.client_name, APP.client_name);
    }
    assert.ok(!json.dropped.includes('web'));
  });

  it('is not made for a client that did not register itself, and is of a client that is named', async () => {
    for (const verb of ['rotate', 'drop']) {
      const yes = verb === 'drop' ? ' --yes' : '';
      const command = `client ${verb}-registration-access-token`;
      const { code, stderr } = await cli(`${command} web${yes}`);
      assert.equal(code, 1);
      assert.match(stderr, /^The client web did not register itself, so it has no /);
      const missing = await cli(`${command} wep${yes}`);
      assert.match(missing.stderr, /^There is no client wep\. Did you mean web\?$/m);
    }
    const none = await cli('client drop-registration-access-token --yes');
    assert.equal(none.code, 2);
    assert.match(none.stderr, /Name the clients, or say --all\./);
  });
});
