// URLs that everybody reads alike: this server by itself, a browser on a page of ours, and RFC 3986.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Response } from 'express';
import { allowFrames, allowFramingBy, pageHeaders } from '../../src/http/headers.ts';
import { fits, redirect } from '../../src/http/redirect.ts';
import { isHost } from '../../src/protocol/document-url.ts';
import { RedirectTarget } from '../../src/protocol/redirect-target.ts';
import { redirectHost, redirectUriProblem } from '../../src/protocol/redirect-uri.ts';
import { isReadAlike, webUrlProblem } from '../../src/protocol/web-url.ts';
import { aClient } from '../../src/store-contract/records.ts';
import { openServer } from '../helpers/harness.ts';
import { http } from '../helpers/http.ts';

const NO_HOST = 'has no // and host after its scheme (RFC 9110 section 4.2)';
const BACKSLASH = 'has a backslash in it';
const CONTROL = 'has a space or a control character';
const USER = 'has a user name or password in it';
const STRANGE_HOST = 'has a host that is no name and no address';

const REFUSED: readonly (readonly [url: string, problem: string])[] = [
  ['https:/transfer?to=mallory', NO_HOST],
  ['https:evil.example/../../transfer?to=mallory', NO_HOST],
  ['HTTPS:transfer', NO_HOST],
  ['http:transfer', NO_HOST],
  ['http:/%2a:4744/../transfer', NO_HOST],
  ['https:///evil.example/', NO_HOST],
  ['https:////evil.example/', NO_HOST],
  ['https:\\\\evil.example', NO_HOST],
  ['https:/\\evil.example', NO_HOST],
  ['https://\\evil.example', NO_HOST],
  ['https:\\/evil.example', NO_HOST],
  ['https://good.example\\@evil.example/', BACKSLASH],
  ['https://good.example\\.evil.example/', BACKSLASH],
  ['https://good.example/a\\b', BACKSLASH],
  ['ht\ttps://good.example/', CONTROL],
  ['https:/\t/good.example/', CONTROL],
  ['https://go\nod.example/', CONTROL],
  ['https://good.example/a\r\nb', CONTROL],
  [' https://good.example/', CONTROL],
  ['\u0001https://good.example/', CONTROL],
  ['https://good.example/\u0000', CONTROL],
  ['https://good.example/\ud800', 'has half of a character in it'],
  ['https://good@evil.example/', USER],
  ['https://good.example:443@evil.example/', USER],
  ['https://@evil.example/', USER],
  ['https://:@evil.example/', USER],
  ['https://%2a/cb', STRANGE_HOST],
  ['https://*.example/cb', STRANGE_HOST],
  ['https://x;sandbox/cb', STRANGE_HOST],
  ['https://x,y/cb', STRANGE_HOST],
  ["https://'none'/cb", STRANGE_HOST],
  ['https://x%3Bsandbox/cb', STRANGE_HOST],
];

const TAKEN = [
  'https://app.example/cb',
  'HTTPS://APP.example:8443/cb?a=1',
  'https://app.example?a=1',
  'https://bücher.example/cb',
  'https://my_host.example./cb',
  'http://127.0.0.1:4000/cb',
  'http://[::1]:4000/cb',
  'http://[2001:DB8::1]/cb',
];

/** The pieces that URLs like these are made of. */
const PIECES = [
  ['https', 'HTTPS', 'http', 'ht\ntps'],
  [':', ':/', '://', ':///', ':\\\\', ':/\\', '://\\', ':/\t/'],
  ['', 'good.example', '@', 'good@', 'a:b@', 'good.example\\@', '%2e', '%2a.', 'x;', '*'],
  ['', 'evil.example', '[::1]', '0x7f.1', 'e%76il', 'ｅvil.example', '..', '/..'],
  ['', '/', '/cb', '\\cb', '/../..//x', '?a=@b', ':', ':443/', ':443@b/'],
];

function* combinations([first, ...rest]: readonly (readonly string[])[]): Iterable<string> {
  if (first === undefined) return yield '';
  for (const end of combinations(rest)) for (const start of first) yield `${start}${end}`;
}

describe('an http or https URL', () => {
  for (const [url, problem] of REFUSED) {
    it(`is refused, of a client too, if it is not read alike: ${JSON.stringify(url)}`, () => {
      assert.equal(webUrlProblem(url), problem);
      assert.equal(redirectUriProblem(url, false), problem);
    });
  }

  it('is taken with any name, address, port and case', () => {
    for (const url of TAKEN) assert.equal(webUrlProblem(url), undefined, url);
  });

  it('leads where it says, from every page, however strangely it is put together', () => {
    let taken = 0;
    for (const url of combinations(PIECES)) {
      if (webUrlProblem(url) !== undefined) continue;
      taken += 1;
      assert.ok(isReadAlike(url), url);
      const { host, hostname, href } = new URL(url);
      for (const page of ['http://page.example/a/b', 'https://page.example/a/b']) {
        assert.equal(new URL(url, page).href, href, url);
      }
      assert.equal(redirectHost(url), host);
      // RFC 3986 appendix B, and what a name may be otherwise spelt as.
      const [, authority = ''] = /^[^:/?#]+:\/\/([^/?#]*)/.exec(url) ?? [];
      assert.equal(new URL(`http://${authority}/`).hostname, hostname, url);
    }
    assert.ok(taken > 100, String(taken));
  });

  it('is not one of another scheme', () => {
    for (const url of ['ftp://a.example/', 'com.example.app:/cb', 'mailto:a@b', 'nowhere', '']) {
      assert.equal(webUrlProblem(url), 'is not an http or https URL');
    }
  });
});

describe('a URI that a page of ours would send a browser elsewhere by', async () => {
  const URIS = ['https:/transfer', 'http:evil.example/../transfer', 'https:evil.example'];

  it('is no place to answer to, though a record has it', () => {
    for (const redirectUri of [...URIS, 'https://app.example/cb', 'com.example.app:/cb']) {
      const client = { ...aClient(), redirectUris: [redirectUri] };
      const target = RedirectTarget.of(client, redirectUri, 'state', 'form_post');
      assert.equal(target?.uri, URIS.includes(redirectUri) ? undefined : redirectUri);
    }
  });

  it('is in no redirect', async () => {
    const { server, origin } = await openServer();
    server.on('request', (req, res) => {
      const url = decodeURIComponent(req.url?.slice(1) ?? '');
      try {
        redirect(res as Response, url);
      } catch (error) {
        res.writeHead(500).end((error as Error).message);
      }
    });
    for (const url of [...URIS, '//evil.example', '/\\evil.example', 'elsewhere', '']) {
      assert.equal(fits(url), false, url);
      const { status, text } = await http(`${origin}/${encodeURIComponent(url)}`);
      assert.equal(status, 500);
      assert.equal(text, 'The answer would be a redirect to no whole URL.');
    }
    for (const url of ['/account', 'https://app.example/cb?a=b', 'com.example.app:/cb']) {
      assert.equal(fits(url), true, url);
      assert.equal((await http(`${origin}/${encodeURIComponent(url)}`)).location, url);
    }
  });
});

describe('a Content-Security-Policy', async () => {
  const { server, origin } = await openServer();
  server.on('request', (req, res) => {
    const url = decodeURIComponent(req.url?.slice(1) ?? '');
    pageHeaders(false)(req as never, res as never, () => {
      allowFramingBy(res as Response, url);
      allowFrames(res as Response, [url, 'https://other.example/frame', url]);
      res.end();
    });
  });
  const policyFor = async (url: string) => {
    const { headers } = await http(`${origin}/${encodeURIComponent(url)}`);
    return headers.get('content-security-policy') ?? '';
  };

  it('names the origin of a URL, once', async () => {
    const policy = await policyFor('https://app.example:8443/cb');
    assert.match(policy, /; frame-ancestors https:\/\/app\.example:8443;/);
    assert.match(policy, /; frame-src https:\/\/app\.example:8443 https:\/\/other\.example$/);
  });

  for (const url of ['https://%2a/cb', 'https://x;sandbox/cb', "http://'self'/", 'x:/cb', 'no']) {
    it(`names no origin that is more than a host: ${url}`, async () => {
      const policy = await policyFor(url);
      assert.match(policy, /; frame-ancestors 'none';/);
      assert.match(policy, /; frame-src https:\/\/other\.example$/);
    });
  }
});

describe('a host whose documents clients may be known by', () => {
  it('is a name or an address, and nothing that is more', () => {
    for (const host of ['claude.ai', 'localhost:4002', '[::1]:4002']) assert.ok(isHost(host), host);
    for (const host of ['*', 'x;sandbox', 'a@b', 'a/b', '']) assert.ok(!isHost(host), host);
  });
});
