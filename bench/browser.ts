// A person with a browser that has cookies but runs no scripts. Nothing of this is measured: it signs
// people in, and its cookies are what the load sends.

import { readForm } from '../test/helpers/http-person.ts';
import { authorizationPath, PASSWORD, REDIRECT_URI } from './target.ts';

export interface Page {
  readonly status: number;
  readonly location: string;
  readonly text: string;
}

export class Browser {
  readonly #origin: string;
  readonly #cookies = new Map<string, { value: string; path: string }>();

  constructor(port: number) {
    this.#origin = `http://127.0.0.1:${port}`;
  }

  /** What the browser would send as its header Cookie to a path. */
  cookieFor(pathname: string): string {
    return [...this.#cookies]
      .filter(([, { path }]) => pathname.startsWith(path))
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ');
  }

  /** Opens a page of the server, whatever host the URL names, and follows no redirect. */
  async open(url: string, init: RequestInit = {}): Promise<Page> {
    const { pathname, search } = new URL(url, this.#origin);
    const answer = await fetch(`${this.#origin}${pathname}${search}`, {
      ...init,
      redirect: 'manual',
      headers: { cookie: this.cookieFor(pathname) },
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '' || /expires=Thu, 01 Jan 1970/i.test(line)) this.#cookies.delete(name);
      else this.#cookies.set(name, { value, path: /; *path=([^;]+)/i.exec(line)?.[1] ?? '/' });
    }
    return {
      status: answer.status,
      location: answer.headers.get('location') ?? '',
      text: await answer.text(),
    };
  }

  /** From an authorization request to the redirect back to the client, through every page between. */
  async allow(person: string): Promise<string> {
    let page = await this.open(authorizationPath(person));
    for (let steps = 0; steps < 10; steps += 1) {
      if (page.location.startsWith(REDIRECT_URI)) return page.location;
      if (page.location !== '') page = await this.open(page.location);
      else page = await this.#submit(page, person);
    }
    throw new Error(`The sign-in leads nowhere: ${page.status} ${page.text}`);
  }

  #submit(page: Page, person: string): Promise<Page> {
    const { action, fields } = readForm(page.text);
    const asked: Record<string, string> = page.text.includes('name="password"')
      ? { username: person, password: PASSWORD }
      : { decision: 'allow' };
    const body = new URLSearchParams({ ...fields, ...asked });
    return this.open(action, { method: 'POST', body });
  }
}
