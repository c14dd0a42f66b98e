import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, describe, it } from 'node:test';
import { get, post } from '../../src/clients/guarded-fetch.ts';
import { readConfig } from '../../src/program/config.ts';
import { authorizationServer } from '../../src/server.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { assertionClaims, KEY, send, signed, withAssertion } from '../helpers/clients.ts';
import { listen } from '../helpers/harness.ts';
import { withNames } from '../helpers/names.ts';

/** A server on loopback, and how often it was asked. */
async function started(answer: RequestListener) {
  const state = { asked: 0, url: '', sent: '', headers: {} as NodeJS.Dict<string | string[]> };
  const server = createServer((req, res) => {
    state.asked += 1;
    state.headers = req.headers;
    req.on('data', (chunk) => {
      state.sent += chunk;
    });
    answer(req, res);
  });
  await listen(server);
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  state.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys?a=b`;
  return state;
}

describe('a request to a URL of a client’s record', () => {
  it('asks for JSON and gets the status, the headers and the body', async () => {
    const server = await started((_req, res) =>
      res.writeHead(418, { 'cache-control': 'no-store' }).end('{"ünï":"cödé"}'),
    );
    const { status, headers, body } = await get(server.url, true);
    assert.equal(status, 418);
    assert.equal(headers['cache-control'], 'no-store');
    assert.deepEqual(body, Buffer.from('{"ünï":"cödé"}'));
    assert.equal(server.headers['accept'], 'application/json');
    assert.equal(server.headers['cookie'], undefined);
    assert.equal(server.headers['authorization'], undefined);
  });

  it('follows no redirect, and nothing else that names a place', async () => {
    const inside = await started((_req, res) => res.end('secret'));
    const { host } = new URL(inside.url);
    const named = {
      location: inside.url,
      'content-location': inside.url,
      refresh: `0; url=${inside.url}`,
      link: `<${inside.url}>; rel=preload`,
      'alt-svc': `h2="${host}", http/1.1="${host}"`,
    };
    for (const status of [200, 201, 202, 300, 301, 302, 303, 304, 305, 307, 308, 401, 407]) {
      const server = await started((_req, res) => {
        res.writeEarlyHints({ link: named.link });
        res.writeHead(status, named).end();
      });
      const answer = await get(server.url, true);
      assert.deepEqual([answer.status, answer.body.length], [status, 0]);
      assert.equal(await post(server.url, true, new URLSearchParams({ a: 'b' })), status);
      assert.equal(server.asked, 2);
    }
    assert.equal(inside.asked, 0);
  });

  it('reads 128 kB and no more', async () => {
    const limit = 128 * 1024;
    const fits = await started((_req, res) => res.end('x'.repeat(limit)));
    assert.equal((await get(fits.url, true)).body.length, limit);
    const large = await started((_req, res) => res.end('x'.repeat(limit + 1)));
    await assert.rejects(get(large.url, true), /more than 131072 bytes/);
    let sent = 0;
    const endless = await started((_req, res) => {
      const more = () => {
        if (res.destroyed) return;
        sent += 64 * 1024;
        res.write('x'.repeat(64 * 1024), more);
      };
      more();
    });
    await assert.rejects(get(endless.url, true), /more than 131072 bytes/);
    assert.ok(sent < 50 * 1024 * 1024, 'it went on reading');
  });

  it('does not unpack what is sent in a small package', async () => {
    const server = await started((_req, res) => {
      res.writeHead(200, { 'content-encoding': 'gzip' }).end('not unpacked');
    });
    assert.equal(String((await get(server.url, true)).body), 'not unpacked');
  });

  it('waits five seconds, for a server that says nothing, too little, or goes over to another protocol', async () => {
    const silent = await started(() => {});
    const headless = await started((_req, res) => res.writeHead(200).flushHeaders());
    const slow = await started((_req, res) => {
      const timer = setInterval(() => res.write('x'), 100);
      res.on('close', () => clearInterval(timer));
    });
    const dripping = await started(({ socket }, res) => {
      const timer = setInterval(() => socket.write('HTTP/1.1 100 Continue\r\n\r\n'), 100);
      res.on('close', () => clearInterval(timer));
    });
    const start = performance.now();
    const urls = [silent, headless, slow, dripping].map(({ url }) => url);
    const form = new URLSearchParams({ a: 'b' });
    const outcomes = await Promise.allSettled([
      ...urls.map((url) => get(url, true)),
      post(silent.url, true, form),
      post(dripping.url, true, form),
    ]);
    const elapsed = performance.now() - start;
    for (const outcome of outcomes) {
      assert.ok(outcome.status === 'rejected');
      // A log is read by people.
      assert.match(
        outcome.reason.message,
        /^http:\/\/127\.0\.0\.1:\d+ did not answer within 5 sec/,
      );
    }
    assert.ok(elapsed > 4500 && elapsed < 10_000, `${elapsed} ms`);
  });

  it('is an error where the server breaks off, before the answer or in it', async () => {
    const before = await started((req) => req.socket.destroy());
    const within = await started((_req, res) => {
      res.writeHead(200, { 'content-length': '100' }).write('x', () => res.destroy());
    });
    const garbage = await started((req) => req.socket.end('220 mail.example ESMTP\r\n'));
    for (const { url } of [before, within, garbage]) await assert.rejects(get(url, true));
    await assert.rejects(get('http://127.0.0.1:1/', true), /ECONNREFUSED/);
  });

  it('is an error where the server goes over to another protocol, whose connection is closed', async () => {
    const closed: Promise<unknown>[] = [];
    const switching = await started(({ socket }) => {
      closed.push(once(socket, 'close'));
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n');
    });
    const { origin } = new URL(switching.url);
    const refusal = { message: `${origin} went over to another protocol` };
    await assert.rejects(get(switching.url, true), refusal);
    await assert.rejects(post(switching.url, true, new URLSearchParams({ a: 'b' })), refusal);
    await Promise.all(closed);
    assert.equal(closed.length, 2);
  });

  it('leaves no connection open', async () => {
    const server = await started((_req, res) => res.end('{}'));
    await get(server.url, true);
    assert.equal(server.headers['connection'], 'close');
  });

  const form = new URLSearchParams({ token: 'a b+&=ü', more: '' });

  it('sends a form, and answers the status', async () => {
    const server = await started((req, res) => req.on('end', () => res.writeHead(418).end('no')));
    assert.equal(await post(server.url, true, form), 418);
    assert.equal(server.sent, 'token=a+b%2B%26%3D%C3%BC&more=');
    assert.equal(server.headers['content-type'], 'application/x-www-form-urlencoded');
    assert.equal(server.headers['content-length'], String(server.sent.length));
    assert.equal(server.headers['connection'], 'close');
    assert.equal(server.headers['cookie'], undefined);
  });

  it('reads nothing of the answer to a form', async () => {
    let sent = 0;
    const closed = Promise.withResolvers<void>();
    const endless = await started((_req, res) => {
      res.on('close', closed.resolve);
      const more = () => {
        if (res.destroyed) return;
        sent += 64 * 1024;
        res.write('x'.repeat(64 * 1024), more);
      };
      more();
    });
    assert.equal(await post(endless.url, true, form), 200);
    await closed.promise;
    assert.ok(sent < 50 * 1024 * 1024, 'it went on reading');
  });

  it('is an error where the server breaks off while a form is sent, or after that', async () => {
    const broken = await started((req) => req.socket.destroy());
    await assert.rejects(post(broken.url, true, form));
    await assert.rejects(post('http://127.0.0.1:1/', true, form), /ECONNREFUSED/);
  });
});

describe('a name whose address is slow to come', () => {
  const form = new URLSearchParams();

  it('is asked for once at a time, and again the next time', async () => {
    const server = await started((_req, res) => res.end('{}'));
    const { port } = new URL(server.url);
    const url = `http://slow.example:${port}/`;
    const answers = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const says = async (_name: string, round: number) => {
      await answers[round]!.promise;
      return ['127.0.0.1'];
    };
    await withNames({ says }, async ({ asked }) => {
      for (const [round, answer] of answers.entries()) {
        const all = [get(url, true), get(url, true), post(url, true, form)];
        const guarded = assert.rejects(
          get(`https://slow.example:${port}/`, false),
          /slow\.example is at 127\.0\.0\.1, which is not a public address/,
        );
        await assert.rejects(get('http://127.0.0.1:1/', true), /ECONNREFUSED/);
        answer.resolve();
        await Promise.all([...all, guarded]);
        assert.equal(asked.length, round + 1);
      }
    });
    assert.equal(server.asked, 6);
  });

  it('is waited for three seconds, on no thread, while others are found', async () => {
    const server = await started((_req, res) => res.end('{}'));
    const { port } = new URL(server.url);
    const says = (name: string) =>
      name === 'quick.example' ? ['127.0.0.1'] : ('nothing' as const);
    await withNames({ says }, async ({ askedOfSystem }) => {
      const start = performance.now();
      const slow = Array.from({ length: 40 }, (_, index) =>
        assert.rejects(
          get(`http://n${index}.slow.example/`, true),
          /^Error: the name servers of n\d+\.slow\.example did not answer$/,
        ),
      );
      for (const name of ['quick.example', 'localhost']) {
        assert.equal((await get(`http://${name}:${port}/`, true)).status, 200);
      }
      assert.ok(performance.now() - start < 2000, 'others wait');
      await Promise.all(slow);
      const elapsed = performance.now() - start;
      assert.ok(elapsed > 2000 && elapsed < 4500, `${elapsed} ms`);
      assert.deepEqual(askedOfSystem, []);
    });
  });

  it('is found by one of its two kinds of addresses if the other never comes', async () => {
    const server = await started((_req, res) => res.end('{}'));
    const { port } = new URL(server.url);
    let questions = 0;
    const says = () => {
      questions += 1;
      return questions === 1 ? ['127.0.0.1'] : ('nothing' as const);
    };
    await withNames({ says }, async () => {
      assert.equal((await get(`http://half.example:${port}/`, true)).status, 200);
    });
  });
});

describe('a name that DNS does not know', () => {
  it('is looked for by the system, in whose search domain it may be', async () => {
    const server = await started((_req, res) => res.end('{}'));
    const { port } = new URL(server.url);
    const systemSays = async () => [{ address: '127.0.0.1', family: 4 }];
    await withNames({ says: () => 'none', systemSays }, async ({ askedOfSystem }) => {
      for (const name of ['container', 'service.namespace']) {
        assert.equal((await get(`http://${name}:${port}/`, true)).status, 200);
      }
      assert.deepEqual(askedOfSystem, ['container', 'service.namespace']);
    });
  });

  it('holds one thread at the most, until the system has answered, whatever has become of its request', async () => {
    const answer = Promise.withResolvers<{ address: string; family: number }[]>();
    const systemSays = () => answer.promise;
    await withNames({ says: () => 'none', systemSays }, async ({ askedOfSystem }) => {
      const urls = Array.from({ length: 40 }, (_, index) => `http://n${index}.slow.example/`);
      const start = performance.now();
      await Promise.all(
        urls.map((url) => assert.rejects(get(url, true), /did not answer within 5 seconds/)),
      );
      assert.ok(performance.now() - start < 8000);
      assert.equal(askedOfSystem.length, 1);
      answer.resolve([{ address: '127.0.0.1', family: 4 }]);
      await assert.rejects(get('http://next.example:1/', true), /ECONNREFUSED/);
      // Nobody waits any more for those in between.
      assert.equal(askedOfSystem.length, 2);
    });
  });
});

describe('ALLOW_INTERNAL_URLS', () => {
  const production = {
    NODE_ENV: 'production',
    ISSUER: 'https://as.example',
    SESSION_SECRET: 'the secret of the tests, at least 32 characters',
  };

  it('is on where a developer tries things out, and off in production', () => {
    assert.equal(readConfig({}).allowInternalUrls, true);
    assert.equal(readConfig(production).allowInternalUrls, false);
  });

  it('is what it is set to', () => {
    for (const env of [{}, production]) {
      assert.equal(readConfig({ ...env, ALLOW_INTERNAL_URLS: 'on' }).allowInternalUrls, true);
      assert.equal(readConfig({ ...env, ALLOW_INTERNAL_URLS: 'off' }).allowInternalUrls, false);
    }
    for (const value of ['yes', 'true', '1', 'ON']) {
      assert.throws(
        () => readConfig({ ...production, ALLOW_INTERNAL_URLS: value }),
        /ALLOW_INTERNAL_URLS is ".*"\. Set it to one of: on, off\./,
      );
    }
  });

  it('is off for a server that is part of an app, unless the app says otherwise', async () => {
    const keys = await started((_req, res) => res.end(JSON.stringify({ keys: [KEY.jwk] })));
    const store = memoryStore();
    await store.clients.save({
      id: 'remote',
      name: 'Remote',
      tokenEndpointAuthMethod: 'private_key_jwt',
      secretHashes: [],
      jwksUri: keys.url,
      redirectUris: [],
      grants: ['client_credentials'],
      scope: ['read'],
      requirePkce: true,
    });
    for (const allowInternalUrls of [undefined, false, true]) {
      const web = createServer();
      await listen(web);
      const issuer = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
      const options = allowInternalUrls === undefined ? {} : { allowInternalUrls };
      const { handler, close } = authorizationServer({ issuer, store, ...options });
      web.on('request', handler);
      after(() => {
        void close();
        web.closeAllConnections();
        web.close();
      });
      const assertion = await signed(assertionClaims('remote', issuer), KEY);
      const form = { grant_type: 'client_credentials', ...withAssertion(assertion) };
      const { status } = await send({ issuer }, 'token', form);
      assert.equal(status, allowInternalUrls ? 200 : 401);
      assert.equal(keys.asked, allowInternalUrls ? 1 : 0);
    }
  });
});
