// What a page really sends and gets, and what the browser says of it.

import assert from 'node:assert/strict';
import type { Page, Response } from 'playwright-core';

export class Traffic {
  readonly #answers: { readonly key: string; readonly answer: Response }[] = [];
  readonly #visits: string[] = [];
  /** What the page has sent by itself. */
  readonly sent: string[] = [];
  /** What the browser's console has, but for the status of an answer. */
  readonly complaints: string[] = [];

  constructor(page: Page) {
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (message) => {
      const text = message.text();
      if (!/^Failed to load resource: the server responded/.test(text)) this.complaints.push(text);
    });
    page.on('request', (request) => {
      if (request.isNavigationRequest()) this.#visits.unshift(request.url());
      if (request.resourceType() === 'fetch') this.sent.push(request.url());
    });
    page.on('response', (response) => {
      const request = response.request();
      if (request.resourceType() !== 'fetch') return;
      const key = keyOf(request.method(), request.url(), request.postData());
      this.#answers.unshift({ key, answer: response });
    });
  }

  /** The last address that the browser went to which has this in it. */
  visited(part: string): string {
    const url = this.#visits.find((visit) => visit.includes(part));
    assert.ok(url, `${part} was visited`);
    return url;
  }

  /** The answers to a request that the page has sent by itself, the last one first. */
  answersTo(method: string, url: string, body: string | null): Response[] {
    const wanted = keyOf(method, url, body);
    return this.#answers.filter(({ key }) => key === wanted).map(({ answer }) => answer);
  }
}

function keyOf(method: string, url: string, body: string | null): string {
  return JSON.stringify([method, url, body]);
}

/** Compares lines of a header that are shown with all that there are. */
export function assertHeaders(lines: readonly string[], all: Record<string, string>): void {
  for (const line of lines) {
    const colon = line.indexOf(': ');
    assert.equal(all[line.slice(0, colon).toLowerCase()], line.slice(colon + 2), line);
  }
}
