import assert from 'node:assert/strict';
import dns from 'node:dns';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';
import type { AddressInfo } from 'node:net';
import { after, describe, it, type Mock, mock } from 'node:test';
import { get, isInternalAddress, post } from '../../src/clients/guarded-fetch.ts';
import { readConfig } from '../../src/program/config.ts';
import { authorizationServer } from '../../src/server.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { assertionClaims, KEY, send, signed, withAssertion } from '../helpers/clients.ts';
import { listen } from '../helpers/harness.ts';

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

describe('an address that is not of the public Internet (RFC 6890)', () => {
  const inside = [
    '0.0.0.0',
    '0.1.2.3',
    '10.0.0.1',
    '10.255.255.255',
    '100.64.0.1',
    '100.127.255.255',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.0.1',
    '169.254.169.254',
    '169.254.170.2',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.1',
    '192.0.2.1',
    '192.88.99.1',
    '192.168.0.1',
    '192.168.255.255',
    '198.18.0.1',
    '198.19.255.255',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '239.255.255.255',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '0:0:0:0:0:0:0:1',
    '0000:0000:0000:0000:0000:0000:0000:0001',
    '::127.0.0.1',
    '::7f00:1',
    '::10.0.0.1',
    '::ffff:127.0.0.1',
    '::FFFF:127.0.0.1',
    '::ffff:7f00:1',
    '::ffff:7f00:0001',
    '0:0:0:0:0:ffff:7f00:1',
    '0:0:0:0:0:FFFF:127.0.0.1',
    '::ffff:a00:1',
    '::ffff:a9fe:a9fe',
    '::ffff:c0a8:1',
    '::ffff:0:0',
    '::ffff:0:127.0.0.1',
    '64:ff9b::127.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b::a9fe:a9fe',
    '64:ff9b:1::a00:1',
    '100::1',
    '100:0:0:1::1',
    '2001::1',
    '2001:0:7f00:1::',
    '2001:10::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '2002:a00:1::1',
    '3fff::1',
    '5f00::1',
    'fc00::1',
    'fd00:ec2::254',
    'fdff:ffff::1',
    'fe80::1',
    'fe80::1%eth0',
    'fe80::1%1',
    'febf::1',
    'fec0::1',
    'ff02::1',
    'ff02::1%eth0',
  ];
  const outside = [
    '1.1.1.1',
    '8.8.8.8',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '126.255.255.255',
    '128.0.0.1',
    '169.253.255.255',
    '169.255.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '192.0.1.1',
    '192.167.255.255',
    '192.169.0.0',
    '198.17.255.255',
    '198.20.0.0',
    '223.255.255.255',
    '2001:4860:4860::8888',
    '2001:200::1',
    '2606:4700:4700::1111',
    '2003::1',
    '2a00:1450:4001::1',
    '3ffe::1',
  ];

  it('is told from one that is', () => {
    for (const address of inside) assert.equal(isInternalAddress(address), true, address);
    for (const address of outside) assert.equal(isInternalAddress(address), false, address);
  });

  it('is what anything is taken for that is no address at all', () => {
    const strange = ['', ' ', 'localhost', '127.1', '2130706433', '0x7f000001', '0177.0.0.1'];
    for (const text of [...strange, '8.8.8.8 ', '8.8.8.8%eth0', '[::1]']) {
      assert.equal(isInternalAddress(text), true, text);
    }
  });
});

describe('a request to a URL of a client’s record, where nothing inside is allowed', async () => {
  const secret = await started((_req, res) => res.end('secret'));
  const { port } = new URL(secret.url);

  it('is made to no address inside, however the URL spells it', async () => {
    const hosts = [
      '127.0.0.1',
      '127.1',
      '127.0.1',
      '2130706433',
      '0x7f000001',
      '0x7f.0.0.1',
      '0177.0.0.1',
      '017700000001',
      '127.0.0.1.',
      '0',
      '0.0.0.0',
      '①②⑦.⓪.⓪.①',
      '127。0。0。1',
      '%31%32%37.0.0.1',
      'user:password@127.0.0.1',
      '8.8.8.8@127.0.0.1',
      '[::1]',
      '[::]',
      '[0:0:0:0:0:0:0:1]',
      '[::ffff:127.0.0.1]',
      '[::ffff:7f00:1]',
      '[::127.0.0.1]',
      '[64:ff9b::7f00:1]',
      '[fe80::1]',
      '169.254.169.254',
      '10.0.0.1',
      '192.168.0.1',
    ];
    for (const host of hosts) {
      await assert.rejects(get(`https://${host}:${port}/`, false), /is not a public address/, host);
    }
    assert.equal(secret.asked, 0);
  });

  it('is made to no name that leads inside', async () => {
    for (const host of ['localhost', 'LOCALHOST']) {
      await assert.rejects(get(`https://${host}:${port}/`, false), /is not a public address/, host);
    }
  });

  it('is made by https only', async () => {
    const urls = [
      secret.url,
      'http://example.com/',
      'HTTP://example.com/',
      'file:///etc/passwd',
      'data:application/json,{}',
      'ftp://example.com/',
      'javascript:1',
    ];
    for (const url of urls) await assert.rejects(get(url, false), /is not https/, url);
    assert.equal(secret.asked, 0);
  });

  it('is refused, not a crash, where the URL is none', async () => {
    for (const url of ['', 'x', '//example.com', 'https://', 'https://[fe80::1%25eth0]/']) {
      for (const allowed of [true, false]) await assert.rejects(get(url, allowed), url);
    }
  });

  it('never says more of the URL than its host, for a log', async () => {
    const [quiet, loud] = ['http://example.com/?secret', 'https://me:secret@127.0.0.1/?secret'];
    for (const url of [quiet, loud]) {
      await assert.rejects(get(url, false), ({ message }: Error) => !message.includes('secret'));
    }
  });

  /** Runs with a DNS of its own. */
  async function withNames(
    addresses: dns.LookupAddress[],
    run: (lookup: Mock<typeof dns.lookup>) => Promise<void>,
  ): Promise<void> {
    const answer = (_name: string, _options: object, callback: (...found: unknown[]) => void) =>
      setImmediate(callback, null, addresses);
    const lookup = mock.method(dns, 'lookup', answer as unknown as typeof dns.lookup);
    syncBuiltinESMExports();
    try {
      await run(lookup as Mock<typeof dns.lookup>);
    } finally {
      lookup.mock.restore();
      syncBuiltinESMExports();
    }
  }

  it('is made to no name of which one address is inside, wherever it stands in the list', async () => {
    const outside = { address: '8.8.8.8', family: 4 };
    const inside: dns.LookupAddress[] = [
      { address: '127.0.0.1', family: 4 },
      { address: '169.254.169.254', family: 4 },
      { address: '::1', family: 6 },
      { address: '::ffff:7f00:1', family: 6 },
      { address: 'fe80::1%eth0', family: 6 },
      { address: 'garbage', family: 4 },
    ];
    for (const address of inside) {
      for (const all of [[address], [outside, address], [address, outside]]) {
        await withNames(all, async (lookup) => {
          const refusal = /keys\.example is at .* which is not a public address/;
          await assert.rejects(get(`https://keys.example:${port}/`, false), refusal);
          assert.equal(lookup.mock.callCount(), 1, 'looked up once: a second might say otherwise');
        });
      }
    }
  });

  it('is made on a connection of its own, not on one the app around has open to a host inside', async () => {
    const pooled = mock.method(
      https.globalAgent as unknown as { addRequest(): void },
      'addRequest',
      () => {
        throw new Error('the agent of the app was asked');
      },
    );
    try {
      await assert.rejects(get(`https://localhost:${port}/`, false), /is not a public address/);
      assert.equal(pooled.mock.callCount(), 0);
    } finally {
      pooled.mock.restore();
    }
  });
});

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

  it('follows no redirect', async () => {
    const inside = await started((_req, res) => res.end('secret'));
    for (const status of [300, 301, 302, 303, 307, 308]) {
      const server = await started((_req, res) => {
        res.writeHead(status, { location: inside.url }).end();
      });
      const answer = await get(server.url, true);
      assert.deepEqual([answer.status, answer.body.length], [status, 0]);
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

  it('sends a form to nobody to whom a redirect leads', async () => {
    const inside = await started((_req, res) => res.end('secret'));
    for (const status of [301, 302, 303, 307, 308]) {
      const server = await started((_req, res) => {
        res.writeHead(status, { location: inside.url }).end();
      });
      assert.equal(await post(server.url, true, form), status);
    }
    assert.equal(inside.asked, 0);
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

  it('sends a form to no address inside, and by https only', async () => {
    const server = await started((_req, res) => res.end());
    const { port } = new URL(server.url);
    await assert.rejects(post(server.url, false, form), /is not https/);
    for (const host of ['127.0.0.1', 'localhost', '[::1]']) {
      const url = `https://${host}:${port}/`;
      await assert.rejects(post(url, false, form), /is not a public address/);
    }
    assert.equal(server.asked, 0);
  });

  it('is an error where the server breaks off while a form is sent, or after that', async () => {
    const broken = await started((req) => req.socket.destroy());
    await assert.rejects(post(broken.url, true, form));
    await assert.rejects(post('http://127.0.0.1:1/', true, form), /ECONNREFUSED/);
  });
});

describe('a name of which nobody says where it is', () => {
  it('is asked for once at a time, and again the next time', async () => {
    const server = await started((_req, res) => res.end('{}'));
    const { port } = new URL(server.url);
    const asked: ((...found: unknown[]) => void)[] = [];
    const answer = (_name: string, _options: object, found: (...found: unknown[]) => void) =>
      asked.push(found);
    const lookup = mock.method(dns, 'lookup', answer as unknown as typeof dns.lookup);
    syncBuiltinESMExports();
    try {
      const url = `http://slow.example:${port}/`;
      for (const round of [1, 2]) {
        const all = [get(url, true), get(url, true), post(url, true, new URLSearchParams())];
        const guarded = assert.rejects(
          get(`https://slow.example:${port}/`, false),
          /slow\.example is at 127\.0\.0\.1, which is not a public address/,
        );
        await assert.rejects(get('http://127.0.0.1:1/', true), /ECONNREFUSED/);
        assert.equal(asked.length, round, 'each has a thread of its own');
        asked.at(-1)!(null, [{ address: '127.0.0.1', family: 4 }]);
        await Promise.all([...all, guarded]);
      }
      assert.equal(server.asked, 6);
    } finally {
      lookup.mock.restore();
      syncBuiltinESMExports();
    }
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
