// What this server fetches must not lead into the network behind it: each form of an address inside,
// beside servers that listen there and must hear nothing.

import assert from 'node:assert/strict';
import { channel } from 'node:diagnostics_channel';
import https from 'node:https';
import {
  getDefaultAutoSelectFamily,
  isIPv6,
  type Socket,
  setDefaultAutoSelectFamily,
} from 'node:net';
import { describe, it, mock } from 'node:test';
import { get, isInternalAddress, post } from '../../src/clients/guarded-fetch.ts';
import { startedInside } from '../helpers/inside.ts';
import { type Knowledge, withNames } from '../helpers/names.ts';

/** The ways to write an IPv4 address as IPv6, or to hide one in it. */
function asIPv6(ipv4: string): string[] {
  const [a, b, c, d] = ipv4.split('.').map(Number) as [number, number, number, number];
  const [high, low] = [a * 256 + b, c * 256 + d];
  const hex = `${high.toString(16)}:${low.toString(16)}`;
  const flipped = `${(high ^ 0xffff).toString(16)}:${(low ^ 0xffff).toString(16)}`;
  return [
    // Mapped, compatible (RFC 4291 section 2.5.5), translated (RFC 2765)
    ...[`::ffff:${ipv4}`, `::ffff:${hex}`, `0:0:0:0:0:FFFF:${hex}`, `::${ipv4}`, `::${hex}`],
    ...[`::ffff:0:${ipv4}`, `::ffff:0:${hex}`],
    // NAT64 (RFC 6052 section 2.1, RFC 8215)
    ...[`64:ff9b::${ipv4}`, `64:ff9b::${hex}`, `64:ff9b:1::${ipv4}`, `64:ff9b:1:ffff::${hex}`],
    // 6to4 (RFC 3056)
    ...[`2002:${hex}::`, `2002:${hex}::1`, `2002:${hex}::${ipv4}`],
    // Teredo (RFC 4380): the server, and the client with its bits flipped
    ...[`2001:0:${hex}::`, `2001:0:808:808:0:ffff:${flipped}`],
  ];
}

describe('an address that is not of the public Internet (RFC 6890)', () => {
  const inside = [
    '0.0.0.0',
    '0.1.2.3',
    '10.0.0.1',
    '10.255.255.255',
    '100.64.0.1',
    '100.127.255.255',
    '100.100.100.200',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.0.1',
    '169.254.169.254',
    '169.254.170.2',
    '168.63.129.16',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.1',
    '192.0.0.192',
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
    '2001:2::1',
    '2001:20::1',
    '2001:1ff:ffff::1',
    '2001:db8::1',
    '2001:db8:ffff::1',
    '2002:7f00:1::',
    '2002:a00:1::1',
    '3fff::1',
    '3fff:fff:ffff::1',
    '4000::1',
    '5f00::1',
    'fc00::1',
    'fd00:ec2::254',
    'fd20:ce::254',
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
    '168.63.129.15',
    '168.63.129.17',
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
    '2001:db7::1',
    '2001:db9::1',
    '2003::1',
    '3ffe::1',
    '3fff:1000::1',
  ];

  it('is told from one that is', () => {
    for (const address of inside) assert.equal(isInternalAddress(address), true, address);
    for (const address of outside) assert.equal(isInternalAddress(address), false, address);
  });

  it('is also one of IPv4 that is written as IPv6, or hidden in it', () => {
    for (const ipv4 of ['127.0.0.1', '10.0.0.1', '169.254.169.254', '192.168.1.1', '0.0.0.0']) {
      for (const address of asIPv6(ipv4)) assert.equal(isInternalAddress(address), true, address);
    }
  });

  it('is what anything is taken for that is no address at all', () => {
    const strange = ['', ' ', 'localhost', '127.1', '2130706433', '0x7f000001', '0177.0.0.1'];
    for (const text of [...strange, '8.8.8.8 ', '8.8.8.8%eth0', '[::1]']) {
      assert.equal(isInternalAddress(text), true, text);
    }
  });
});

const FORM = new URLSearchParams({ logout_token: 'x' });

/** How this server asks. */
const VERBS: readonly (readonly [
  string,
  (url: string, allowInternal: boolean) => Promise<unknown>,
])[] = [
  ['GET', (url, allowInternal) => get(url, allowInternal)],
  ['POST', (url, allowInternal) => post(url, allowInternal, FORM)],
];

describe('where nothing inside is allowed', async () => {
  const inside = await startedInside();
  const { port } = inside;

  /** @param reason why nothing is asked for */
  async function assertRefused(url: string, reason: RegExp): Promise<void> {
    for (const [verb, ask] of VERBS) {
      inside.called = 0;
      await assert.rejects(ask(url, false), reason, `${verb} ${url}`);
      assert.equal(inside.called, 0, `${verb} ${url}`);
    }
  }

  /** For comparison: where it is allowed, the same URL leads there. */
  async function assertLeadsInside(url: string): Promise<void> {
    inside.called = 0;
    await assert.rejects(get(url, true));
    assert.equal(inside.called, 1, url);
  }

  const LOOPBACK = [
    ...['127.0.0.1', '127.1', '127.0.1', '127.0.0.1.'],
    ...['2130706433', '0x7f000001', '0X7F.0.0.1', '0x7f.1', '0x7f.0x0.0x0.0x1', '127.0.0.0x1'],
    ...['017700000001', '0177.0.0.1', '0177.1', '00000177.0.0.01'],
    ...['0', '00', '0x0', '0x', '0.0', '0.0.0.0'],
    ...['①②⑦.⓪.⓪.①', '１２７．０．０．１', '127。0。0。1', '127｡0｡0｡1'],
    ...['%31%32%37.0.0.1', '127%2E0%2E0%2E1', '127.0.0\u00ad.1', '127.0.\n0.1'],
    ...['user:password@127.0.0.1', '8.8.8.8@127.0.0.1', '8.8.8.8:443@127.0.0.1', '@127.0.0.1'],
    ...['%40127.0.0.1@127.0.0.1', 'keys.example%23@127.0.0.1'],
  ];
  const LOOPBACK6 = [
    ...['[::1]', '[::]', '[0:0:0:0:0:0:0:1]', '[0000:0000:0000:0000:0000:0000:0000:0001]'],
    ...['[::0.0.0.1]', '[::0:1]', 'user@[::1]'],
  ];
  const MAPPED = ['[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[0:0:0:0:0:FFFF:127.0.0.1]'];

  it('no URL leads to loopback, however it spells the address', async () => {
    for (const host of [...LOOPBACK, ...(inside.hasIPv6 ? [...LOOPBACK6, ...MAPPED] : [])]) {
      await assertLeadsInside(`https://${host}:${port}/`);
    }
    for (const host of [...LOOPBACK, ...LOOPBACK6, ...MAPPED]) {
      await assertRefused(`https://${host}:${port}/`, /^Error: \S+ is not a public address$/);
    }
  });

  it('no URL leads there, however it is written', async () => {
    const spelled = [
      `https:127.0.0.1:${port}`,
      `https:/127.0.0.1:${port}`,
      `hTTps://127.0.0.1:${port}`,
    ];
    const strange = [`https:\\\\127.0.0.1:${port}`, ` https:///127.0.0.1:${port}/\t`];
    const hidden = [`https://127.0.0.1:${port}\\@8.8.8.8/`, `https://127.0.0.1:${port}?@8.8.8.8/`];
    for (const url of [...spelled, ...strange, ...hidden, `https://127.0.0.1:${port}#@8.8.8.8/`]) {
      await assertLeadsInside(url);
      await assertRefused(url, /^Error: 127\.0\.0\.1 is not a public address$/);
    }
  });

  it('no URL leads to another address inside, at whatever port', async () => {
    const networks = ['10.0.0.1', '172.16.0.1', '192.168.0.1', '169.254.169.254', '168.63.129.16'];
    const written = [...networks, '127.0.0.1'].flatMap((ipv4) => asIPv6(ipv4));
    const own6 = ['fe80::1', 'fec0::1', 'fc00::1', 'fd00:ec2::254', 'ff02::1', '100::1'];
    const hosts = [...networks, ...[...written, ...own6].map((address) => `[${address}]`)];
    for (const host of hosts) {
      for (const at of ['', ':22', ':80', ':443', ':8443', ':65535']) {
        await assertRefused(`https://${host}${at}/`, /^Error: \S+ is not a public address$/);
      }
    }
  });

  it('nothing is asked for at what is no URL', async () => {
    const hosts = ['[fe80::1%25eth0]', '[fe80::1%eth0]', '[::1%lo]', '[::1', '::1', '127.0.0.256'];
    const more = ['4294967296', '1.2.3.4.5', 'localhost%00.example', '127.0.0.1%2f', '127.0.0.1 '];
    for (const host of [...hosts, ...more])
      await assertRefused(`https://${host}:${port}/`, /Invalid/);
    for (const url of ['', 'x', '//127.0.0.1', 'https://', `https://127.0.0.1:${port}0000/`]) {
      await assertRefused(url, /Invalid/);
    }
  });

  it('nothing is asked for but by https', async () => {
    const web = [`http://127.0.0.1:${port}/`, 'http://example.com/', 'HTTP://example.com/'];
    const others = ['file:///etc/passwd', 'data:application/json,{}', 'ftp://127.0.0.1/'];
    const odd = [`ws://127.0.0.1:${port}/`, 'blob:https://example.com/1', 'javascript:1'];
    for (const url of [...web, ...others, ...odd]) await assertRefused(url, /is not https$/);
  });

  it('no name of this machine leads inside', async () => {
    await assertLeadsInside(`https://localhost:${port}/`);
    for (const name of ['localhost', 'LOCALHOST', 'ｌocalhost', 'loc\talhost', 'user@localhost']) {
      await assertRefused(
        `https://${name}:${port}/`,
        /^Error: localhost is at \S+, which is not a public address$/,
      );
    }
  });

  it('what is refused says no more of a URL than its host, for a log', async () => {
    const [quiet, loud] = ['http://example.com/?secret', 'https://me:secret@127.0.0.1/?secret'];
    for (const url of [quiet, loud]) {
      await assert.rejects(get(url, false), ({ message }: Error) => !message.includes('secret'));
    }
  });
});

/** Notes where connections are begun, and ends them at once. */
async function attemptsDuring(run: () => Promise<unknown>): Promise<string[]> {
  const attempts: string[] = [];
  const watch = (message: unknown) => {
    const { socket } = message as { socket: Socket };
    socket.on('connectionAttempt', (address: string) => {
      attempts.push(address);
      setImmediate(() => socket.destroy(new Error('seen')));
    });
  };
  const sockets = channel('net.client.socket');
  sockets.subscribe(watch);
  try {
    await run();
  } finally {
    sockets.unsubscribe(watch);
  }
  return attempts;
}

/** Of networks that nobody has been given yet. */
const OUTSIDE = '3000::1';
const OUTSIDE_TOO = '3000::2';
const LOCAL = '127.0.0.1';

describe('where nothing inside is allowed, and a name leads there', async () => {
  const inside = await startedInside();
  const url = `https://keys.example:${inside.port}/`;

  async function assertRefused(knowledge: Knowledge): Promise<void> {
    for (const [verb, ask] of VERBS) {
      await withNames(knowledge, async ({ asked, askedOfSystem }) => {
        const refusal = /keys\.example is at .* which is not a public address/;
        const attempts = await attemptsDuring(() => assert.rejects(ask(url, false), refusal, verb));
        assert.deepEqual(attempts, []);
        assert.equal(asked.length, 1, 'looked up once: a second might say otherwise');
        assert.equal(askedOfSystem.length, knowledge.systemSays === undefined ? 0 : 1);
      });
    }
  }

  it('nothing is asked for if one of its addresses is inside, wherever it stands in the list', async () => {
    const within = [LOCAL, '10.0.0.1', '169.254.169.254', '0.0.0.0', '::1', ...asIPv6(LOCAL)];
    for (const address of within) {
      for (const all of [[address], [OUTSIDE, address], [address, OUTSIDE]]) {
        await assertRefused({ says: () => all });
      }
    }
    assert.equal(inside.called, 0);
  });

  it('nothing is asked for if that is so by the system’s resolver', async () => {
    const within = [LOCAL, '::1', 'fe80::1%eth0', 'fe80::1%1', '::ffff:127.0.0.1', 'garbage'];
    for (const address of within) {
      for (const all of [[address], [OUTSIDE, address], [address, OUTSIDE]]) {
        const found = all.map((one) => ({ address: one, family: isIPv6(one) ? 6 : 4 }));
        await assertRefused({ says: () => 'none', systemSays: async () => found });
      }
    }
    assert.equal(inside.called, 0);
  });

  it('what it says the second time does not count: the connection is made to what was looked at', async () => {
    const isSelecting = getDefaultAutoSelectFamily();
    try {
      for (const selecting of [true, false]) {
        setDefaultAutoSelectFamily(selecting);
        for (const first of [[OUTSIDE], [OUTSIDE, OUTSIDE_TOO]]) {
          for (const [verb, ask] of VERBS) {
            const says = (_name: string, round: number) => (round === 0 ? first : [LOCAL]);
            await withNames({ says }, async ({ asked }) => {
              const attempts = await attemptsDuring(() => assert.rejects(ask(url, false), verb));
              assert.ok(attempts.length > 0, 'a connection is begun');
              for (const address of attempts) assert.ok(first.includes(address), address);
              assert.equal(asked.length, 1);
              // The next request looks again.
              await assert.rejects(ask(url, false), /keys\.example is at 127\.0\.0\.1, which/);
            });
          }
        }
      }
    } finally {
      setDefaultAutoSelectFamily(isSelecting);
    }
    assert.equal(inside.called, 0);
  });

  it('nothing is asked for on a connection that the app around has open to a host inside', async () => {
    const agent = https.globalAgent as unknown as { addRequest(): void };
    const pooled = mock.method(agent, 'addRequest', () => {
      throw new Error('the agent of the app was asked');
    });
    try {
      for (const [, ask] of VERBS) {
        const local = `https://localhost:${inside.port}/`;
        await assert.rejects(ask(local, false), /is not a public address/);
      }
      assert.equal(pooled.mock.callCount(), 0);
    } finally {
      pooled.mock.restore();
    }
    assert.equal(inside.called, 0);
  });
});
