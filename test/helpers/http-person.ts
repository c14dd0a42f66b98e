// A person with a browser that has cookies but runs no scripts, over HTTP.

import { cookieName } from '../../src/http/cookies.ts';
import { siteOf } from '../../src/http/site.ts';
import { type Answer, http } from './http.ts';

export class Person {
  readonly #server: { readonly origin: string; readonly issuer: string };
  readonly cookies = new Map<string, string>();
  /** The headers of every request, as a proxy might add some. */
  readonly headers: Record<string, string> = {};

  constructor(server: { readonly origin: string; readonly issuer: string }) {
    this.#server = server;
  }

  /** The whole name that a cookie has at this server. */
  nameOf(cookie: 'oauth_session' | 'oauth_login' | 'oauth_browser' | 'oauth_notice'): string {
    return cookieName(cookie, siteOf(this.#server.issuer));
  }

  /** Opens a URL, without following a redirect. */
  async open(url: string, init: RequestInit = {}): Promise<Answer> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await http(new URL(url, this.#server.origin).href, {
      ...init,
      headers: {
        ...this.headers,
        ...(cookie && { cookie }),
        ...(init.headers as Record<string, string>),
      },
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '' || /expires=Thu, 01 Jan 1970/i.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return answer;
  }

  /** Opens a URL and follows redirects as long as they stay on the server. */
  async visit(url: string, init: RequestInit = {}): Promise<Answer> {
    let answer = await this.open(url, init);
    while (
      answer.location.startsWith('/') ||
      answer.location.startsWith(`${this.#server.origin}/`)
    ) {
      answer = await this.open(answer.location);
    }
    return answer;
  }

  /** Sends the first form of a page with its hidden fields and what the person enters. */
  submit(page: Answer, entered: Record<string, string>): Promise<Answer> {
    const { action, fields } = readForm(page.text);
    return this.visit(action, {
      method: 'POST',
      body: new URLSearchParams({ ...fields, ...entered }),
    });
  }

  /** From the login page on: signs in. */
  signIn(page: Answer, username = 'alice', password = 'wonderland'): Promise<Answer> {
    return this.submit(page, { username, password });
  }

  /** From an authorization request to the redirect back to the client, signing in if need be. */
  async allow(url: string, username = 'alice', password = 'wonderland'): Promise<URL> {
    let page = await this.visit(url);
    if (page.text.includes('name="password"')) page = await this.signIn(page, username, password);
    if (page.text.includes('name="decision"'))
      page = await this.submit(page, { decision: 'allow' });
    if (page.location === '')
      throw new Error(`No redirect to the client, but ${page.status}: ${page.text}`);
    return new URL(page.location);
  }
}

/** The answer to the login form, from a browser of its own. */
export async function logIn(
  at: { readonly origin: string; readonly issuer: string },
  username = 'alice',
  password = 'wonderland',
): Promise<Answer> {
  const person = new Person(at);
  return person.signIn(await person.visit(`${at.issuer}/login`), username, password);
}

/** The first form on a page: where it goes, and its hidden fields. */
export function readForm(html: string): { action: string; fields: Record<string, string> } {
  const form = /<form[^>]*method="post"[^>]*>[\s\S]*?<\/form>/i.exec(html)?.[0];
  if (form === undefined) throw new Error(`No form on the page: ${html}`);
  const hidden = form.matchAll(/<input[^>]*type="hidden"[^>]*name="([^"]*)"[^>]*value="([^"]*)"/g);
  return {
    action: unescaped(/action="([^"]*)"/.exec(form)?.[1] ?? ''),
    fields: Object.fromEntries(
      [...hidden].map(([, name, value]) => [name, unescaped(value ?? '')]),
    ),
  };
}

/** A text as it was before a page escaped it. */
export function unescaped(html: string): string {
  return html
    .replaceAll('&#34;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
