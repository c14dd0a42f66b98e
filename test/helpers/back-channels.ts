// The back-channels of clients: a server on loopback where each has a path, and answers as a test has it.

import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { after } from 'node:test';
import { listen } from './harness.ts';

/** A logout token that a client was sent. */
export interface Sent {
  readonly clientId: string;
  readonly token: string;
}

export interface BackChannels {
  /** The `backchannel_logout_uri` of a client. */
  uriOf(clientId: string): string;
  /** How a client answers; with 200 if nobody says. */
  answer(clientId: string, how: RequestListener): void;
  /** In the order in which they came. */
  readonly sent: readonly Sent[];
  /** The tokens that a client was sent. */
  tokensOf(clientId: string): string[];
  /** Waits until something is true, which is looked at whenever a token has come. */
  until(isSo: () => boolean): Promise<void>;
  /** Breaks off what a client has not answered. */
  breakOff(clientId: string): void;
}

export const status =
  (code: number): RequestListener =>
  (_req, res) =>
    res.writeHead(code).end();

export const hanging: RequestListener = () => {};

/** Begins an answer, and never ends it: a gigabyte if somebody reads it. */
export const endless =
  (code: number): RequestListener =>
  (_req, res) => {
    res.writeHead(code);
    let left = 16 * 1024;
    const more = () => {
      left -= 1;
      if (!res.destroyed && left > 0) res.write('x'.repeat(64 * 1024), more);
    };
    more();
  };

export async function startBackChannels(): Promise<BackChannels> {
  const answers = new Map<string, RequestListener>();
  const sent: Sent[] = [];
  const open = new Map<string, Set<Socket>>();
  const waiting = new Set<() => void>();

  const server = createServer(async (req, res) => {
    const clientId = decodeURIComponent(new URL(req.url ?? '', 'http://host').pathname.slice(1));
    const connections = open.get(clientId) ?? new Set();
    open.set(clientId, connections.add(req.socket));
    res.on('close', () => connections.delete(req.socket));
    let body = '';
    for await (const chunk of req.setEncoding('utf8')) body += chunk;
    sent.push({ clientId, token: new URLSearchParams(body).get('logout_token') ?? '' });
    (answers.get(clientId) ?? status(200))(req, res);
    for (const look of waiting) look();
  });
  await listen(server);
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    uriOf: (clientId) => `${origin}/${encodeURIComponent(clientId)}?tenant=1`,
    answer: (clientId, how) => void answers.set(clientId, how),
    sent,
    tokensOf: (clientId) =>
      sent.filter((one) => one.clientId === clientId).map(({ token }) => token),
    until(isSo) {
      if (isSo()) return Promise.resolve();
      return new Promise((resolve) => {
        const look = () => {
          if (!isSo()) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
      });
    },
    breakOff(clientId) {
      for (const socket of open.get(clientId) ?? []) socket.destroy();
    },
  };
}
