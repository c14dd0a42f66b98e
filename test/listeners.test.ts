// Those who listen to events only listen: what they do changes no answer.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { errorCodes } from '../src/errors.ts';
import type { Events, ServerEvents } from '../src/events.ts';
import { StoreUnavailable } from '../src/index.ts';
import { authorizeAs, requestToken } from './helpers/flows.ts';
import { startServer } from './helpers/harness.ts';
import { serveHost } from './helpers/host.ts';
import { http } from './helpers/http.ts';
import { logIn } from './helpers/http-person.ts';

const CREDENTIALS = { grant_type: 'client_credentials', scope: 'read' };

/** Every event, as far as these tests make it happen. */
const NAMES = [
  'token_issued',
  'request_refused',
  'login_succeeded',
  'login_failed',
  'consent_allowed',
  'error_answered',
  'failure',
  'code_replayed',
] as const satisfies readonly (keyof ServerEvents)[];

// What may be listened to, whatever `@types/node` says of names: that is checked when this is compiled.
type Heard = Parameters<Events['on' | 'once' | 'off']>[0];
true satisfies [Heard] extends [keyof ServerEvents] ? true : false;

/** What is done to every event, and the warnings of the process that come of it. */
async function serverWhose(listener: (told: object) => unknown) {
  const server = await startServer();
  const events: Events = server.events;
  for (const name of NAMES) events.on(name, listener as () => void);
  return server;
}

/** An error that another error comes of when it is shown. */
function errorWithoutStack(): Error {
  return Object.defineProperty(new Error('the audit trail is torn'), 'stack', {
    get() {
      throw new Error('and so is its stack');
    },
  });
}

/** Whatever is asked of it, it throws. */
function untouchable(): object {
  const fail = () => {
    throw new Error('do not touch');
  };
  return new Proxy({}, { get: fail, getPrototypeOf: fail });
}

const LISTENERS = {
  throws: () => {
    throw new Error('the audit trail is full');
  },
  rejects: async () => {
    throw new Error('the audit trail is far away');
  },
  'throws an error whose stack cannot be read': () => {
    throw errorWithoutStack();
  },
  'rejects with an error whose stack cannot be read': async () => {
    throw errorWithoutStack();
  },
  'throws what cannot be touched': () => {
    throw untouchable();
  },
  'rejects with what cannot be touched': () => Promise.reject(untouchable()),
  'answers what cannot be touched': untouchable,
  'changes what it is told': (told: Record<string, unknown>) => {
    for (const part of Object.values(told)) if (Array.isArray(part)) part.length = 0;
    for (const name of Object.keys(told)) delete told[name];
  },
} as const;

for (const [does, listener] of Object.entries(LISTENERS)) {
  describe(`a listener that ${does}`, () => {
    it('changes no token response', async () => {
      const server = await serverWhose(listener as () => unknown);
      const { status, json } = await requestToken(server, CREDENTIALS, 'web:web-secret');
      assert.equal(status, 200);
      assert.equal(json.scope, 'read');
      const refused = await requestToken(server, CREDENTIALS, 'web:wrong');
      assert.equal(refused.status, 401);
      assert.ok(errorCodes.includes(refused.json.error));
    });

    it('changes no sign-in, right or wrong, no consent and no code', async () => {
      const server = await serverWhose(listener as () => unknown);
      assert.equal((await logIn(server)).status, 200);
      assert.equal((await logIn(server, 'alice', 'wrong')).status, 400);
      const { exchange } = await authorizeAs(server, { scope: 'read write' });
      const { status, json } = await exchange();
      assert.equal(status, 200);
      assert.equal(json.scope, 'read write');
    });

    it('changes no error page', async () => {
      const server = await serverWhose(listener as () => unknown);
      const page = await http(`${server.origin}/oauth/authorize`);
      assert.equal(page.status, 400);
      assert.match(page.text, /<html/);
    });

    it('keeps nothing from the others', async () => {
      const server = await serverWhose(listener as () => unknown);
      const told: object[] = [];
      server.events.once('token_issued', (one) => told.push(one));
      await requestToken(server, CREDENTIALS, 'web:web-secret');
      await requestToken(server, CREDENTIALS, 'web:web-secret');
      assert.deepEqual(told, [
        { clientId: 'web', grantType: 'client_credentials', scope: ['read'] },
      ]);
    });
  });
}

describe('a failure that nobody listens for', () => {
  /** The warnings of the process about failures, until there are so many. */
  async function warnings(count: number): Promise<(Error & { detail?: string })[]> {
    const heard: Error[] = [];
    await new Promise<void>((done) => {
      process.on('warning', function hear(warning) {
        if (warning.name === 'FailureWarning') heard.push(warning);
        if (heard.length < count) return;
        process.off('warning', hear);
        done();
      });
    });
    return heard;
  }

  const broken = {
    authenticate: () => {
      throw new Error('the table of readers is gone');
    },
    loginUrl: '/in',
  };

  it('is a warning of the process each time, with the id on the page, the stack and the cause', async () => {
    const host = await serveHost(broken);
    const told = warnings(2);
    const pages = [await http(`${host.origin}/account`), await http(`${host.origin}/account`)];
    const all = await told;
    for (const [position, page] of pages.entries()) {
      assert.equal(page.status, 500);
      const id = /class="opaque" dir="ltr">([^<]+)</.exec(page.text)?.[1];
      assert.ok(id, page.text);
      const { message, detail = '' } = all[position]!;
      assert.match(
        message,
        new RegExp(`^Something failed, and nothing listens .*\\. Request id: ${id}$`),
      );
      assert.match(detail, /HostError: The option authenticate, a function of the app, failed/);
      assert.match(detail, /the table of readers is gone[\s\S]*listeners\.test\.ts/);
    }
  });

  it('is none for those who listen', async () => {
    const host = await serveHost(broken);
    const [told, heard] = [warnings(1), [] as unknown[]];
    host.server.events.on('failure', (one) => heard.push(one));
    await http(`${host.origin}/account`);
    assert.equal(heard.length, 1);
    const silent = await serveHost(broken);
    await http(`${silent.origin}/account`);
    assert.equal((await told).length, 1);
  });

  it('is a warning once for each reason while the store is away, which every request may meet', async () => {
    const host = await serveHost();
    const told = warnings(2);
    host.store.clients.find = async () => {
      throw new StoreUnavailable('the database of this test is away');
    };
    for (let times = 0; times < 3; times += 1) {
      assert.equal((await requestToken(host, CREDENTIALS, 'web:web-secret')).status, 503);
    }
    host.server.events.emit('failure', { requestId: 'a test', error: untouchable() });
    const [away, failure] = await told;
    assert.match(
      away!.message,
      /^The store is not available, .*: .*the database of this test is away$/,
    );
    assert.match(failure!.message, / a test$/);
  });
});

describe('what a listener throws', () => {
  it('is a warning of the process that names the event, once, even of the event failure', async () => {
    const server = await startServer();
    const warnings: Error[] = [];
    process.on('warning', (warning) => warnings.push(warning));
    for (const name of ['token_issued', 'failure'] as const) {
      server.events.on(name, () => {
        throw new Error('full');
      });
    }
    for (let times = 0; times < 3; times += 1) {
      await requestToken(server, CREDENTIALS, 'web:web-secret');
      server.events.emit('failure', { requestId: 'a test', error: new Error('a test') });
    }
    if (warnings.length < 2) await once(process, 'warning');
    await new Promise((resolve) => setImmediate(resolve));
    const ours = warnings.filter(({ name }) => name === 'ListenerWarning');
    assert.deepEqual(ours.map(({ message }) => message).sort(), [
      'A listener of the event failure failed, which changed nothing: Error: full',
      'A listener of the event token_issued failed, which changed nothing: Error: full',
    ]);
  });

  it('is a warning even if it cannot be shown', async () => {
    const { events } = await startServer();
    const beginning = 'A listener of the event logout failed, which changed nothing: ';
    const told = new Promise<void>((done) => {
      const messages = new Set<string>();
      process.on('warning', function hear({ message }) {
        messages.add(message);
        if (!messages.has(`${beginning}Error: the audit trail is torn`)) return;
        if (!messages.has(`${beginning}it threw what has no text`)) return;
        process.off('warning', hear);
        done();
      });
    });
    for (const thrown of [errorWithoutStack(), untouchable()]) {
      events.on('logout', () => {
        throw thrown;
      });
    }
    events.emit('logout', { userId: 'a test' });
    await told;
  });
});
