// DATABASE_URL: what arrives at the database is what was meant, or the URL is refused.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { databaseUrlProblem, urlParameters } from '../../src/store/database-url.ts';
import { openStore } from '../../src/store/open.ts';

describe('A URL of PostgreSQL', () => {
  /** A database that asks for a password in the clear, and lets nobody in. */
  let server: Server;
  let port = 0;
  let heard: { startup: string; password: string }[] = [];

  function ask(socket: Socket) {
    let startup: string | undefined;
    socket.on('error', () => {});
    socket.on('data', (data) => {
      if (startup === undefined) {
        startup = data.subarray(8).toString();
        socket.write(Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3]));
        return;
      }
      heard.push({ startup, password: data.subarray(5, -1).toString() });
      socket.destroy();
    });
  }

  before(async () => {
    server = createServer(ask);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  });
  after(() => server.close());

  /** What the database hears of a password, as it stands in the URL. */
  async function passwordOf(written: string): Promise<string | undefined> {
    const url = `postgres://keeper:${written}@127.0.0.1:${port}/oauth`;
    if (databaseUrlProblem(url) !== undefined) return undefined;
    heard = [];
    await assert.rejects(openStore(url), { name: 'StoreUnavailable' });
    return heard[0]?.password;
  }

  it('brings every character of a password that is percent-encoded', async () => {
    const all = Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at)).join('');
    for (const password of [all, 'pässwörd 密码', '100%', '%41', '%25']) {
      assert.equal(await passwordOf(encodeURIComponent(password)), password);
    }
  });

  it('brings a character that is not encoded as it stands, or is refused', async () => {
    const refused: string[] = [];
    for (let code = 32; code < 127; code += 1) {
      const password = `a${String.fromCharCode(code)}zz`;
      const arrived = await passwordOf(password);
      if (arrived === undefined) refused.push(password[1]!);
      else assert.equal(arrived, password);
    }
    assert.deepEqual(refused, ['#', '%', '/', '?']);
  });

  it('is refused if a part of its password would be taken for something else', () => {
    for (const [password, secret] of [
      ['12/hush', 'hush'],
      ['12?hush', 'hush'],
      ['12?sslmode=hush', 'hush'],
      ['hush%ff', 'hush'],
      ['hush%', 'hush'],
      ['12,#hush', 'hush'],
    ] as const) {
      const problem = databaseUrlProblem(`postgres://keeper:${password}@127.0.0.1:5432/oauth`);
      assert.match(problem ?? '', /user name or password .*write # as %23/, password);
      assert.ok(!problem?.includes(secret));
    }
  });

  for (const hosts of [
    '127.0.0.1:1,127.0.0.1:2/oauth',
    'one,two/oauth',
    'keeper:a,b@one:1,two/oauth',
    'one/oauth?host=two,three',
    'one/oauth?target_session_attrs=primary',
    'one/oauth?sslmode=verify-full&target_session_attrs=read-write',
    'one/oauth?load_balance_hosts=random',
  ]) {
    it(`with ${hosts} is refused: one host, and a proxy that follows the primary`, async () => {
      const url = `postgres://${hosts}`;
      assert.match(
        databaseUrlProblem(url) ?? '',
        /several hosts: give it one host, and a proxy that follows the primary$/,
      );
      await assert.rejects(openStore(url), TypeError);
    });
  }

  for (const [query, said] of [
    ['ssl_mode=require', /^has the parameter ssl_mode, .* it knows host, .*sslmode/],
    ['SSLMODE=require', /^has the parameter SSLMODE, /],
    ['channel_binding=require', /^has the parameter channel_binding, /],
    ['pgbouncer=true', /^has the parameter pgbouncer, /],
    ['connect_timeout=10', /^has the parameter connect_timeout, /],
    ['__proto__=1', /^has the parameter __proto__, /],
    ['hush-hush=1', /^has a parameter, /],
    ['sslmode=verify_full', /^has a value of sslmode .* it knows disable, .*verify-full/],
    ['sslmode=', /^has a value of sslmode /],
    ['ssl=false', /^has a value of ssl /],
    ['port=http', /^has a port that is not a number from 1 to 65535/],
    ['port=99999', /^has a port that is not a number from 1 to 65535/],
    ['query_timeout=99999999999', /^has a value of query_timeout that is not a whole number of/],
    ['statement_timeout=5s', /^has a value of statement_timeout that is not a whole number of/],
    ['lock_timeout=', /^has a value of lock_timeout that is not a whole number of/],
    ['sslmode=disable&sslmode=require', /^has sslmode twice/],
  ] as const) {
    it(`with ${query} is refused, for the driver would ignore it or take it for something else`, () => {
      assert.match(databaseUrlProblem(`postgres://db.example/oauth?${query}`) ?? '', said);
    });
  }

  it('with a line end in it, or without a database, is refused', () => {
    for (const end of ['\n', '\r', '\t', '\0']) {
      const url = `postgres://keeper:hush${end}@127.0.0.1/oauth`;
      assert.equal(databaseUrlProblem(url), 'has a tab or a line end in it');
    }
    for (const url of ['postgres://', 'postgres://db.example', 'postgres://db.example/?ssl=1']) {
      assert.match(databaseUrlProblem(url) ?? '', /postgres:\/\/ with host and database$/, url);
    }
  });

  it('may have what the driver heeds, which arrives at the database', async () => {
    const query = [
      'application_name=the+shop',
      'options=-c%20search_path%3Dauth',
      'statement_timeout=4000',
      'lock_timeout=3000',
      'idle_in_transaction_session_timeout=9000',
      'query_timeout=6000',
      'sslmode=disable',
    ].join('&');
    const url = `postgres://keeper:p@127.0.0.1:${port}/oauth?${query}`;
    assert.equal(databaseUrlProblem(url), undefined);
    heard = [];
    await assert.rejects(openStore(url), { name: 'StoreUnavailable' });
    const startup = heard[0]?.startup ?? '';
    for (const part of ['the shop', 'search_path=auth', '4000', '3000', '9000']) {
      assert.ok(startup.includes(part), `${part} in ${startup}`);
    }
    const tls = 'sslmode=verify-full&sslrootcert=/etc/ca.pem&sslcert=/c&sslkey=/k';
    assert.equal(databaseUrlProblem(`postgres://db.example/oauth?${tls}`), undefined);
    assert.equal(databaseUrlProblem('postgres:///oauth?host=/var/run/postgresql'), undefined);
  });

  it('may have the parameters that docs/deployment.md lists, and no others', async () => {
    const guide = await readFile(new URL('../../docs/deployment.md', import.meta.url), 'utf8');
    const [, list = ''] = /These parameters can be in the URL: (.*)\./.exec(guide) ?? [];
    const named = [...list.matchAll(/`(\w+)`/g)].map(([, name]) => name);
    assert.deepEqual(named, urlParameters);
  });
});
