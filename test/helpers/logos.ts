// Pictures of clients, and a host that has some.

import type { RequestListener } from 'node:http';
import { crc32, deflateSync } from 'node:zlib';
import { openServer } from './harness.ts';

/** A PNG of one colour. */
export function png(width: number, height: number, rgba = [200, 30, 60, 255]): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header.set([8, 6], 8);
  const row = Buffer.from([0, ...Array.from({ length: width }, () => rgba).flat()]);
  const rows = deflateSync(Buffer.concat(Array.from({ length: height }, () => row)));
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', rows),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

export const LOGO = png(64, 32);

/** A host of logos, by path; whatever else there is, one that never answers. */
export async function logoHost() {
  const answers: Record<string, RequestListener> = {
    '/logo': (_req, res) => res.setHeader('content-type', 'text/html').end(LOGO),
    '/svg': (_req, res) => res.setHeader('content-type', 'image/png').end('<svg xmlns="a"/>'),
    '/none': (_req, res) => res.writeHead(404).end(LOGO),
    '/moved': (_req, res) => res.writeHead(302, { location: '/logo' }).end(),
    '/huge': (_req, res) => res.end(Buffer.concat([LOGO, Buffer.alloc(128 * 1024)])),
    '/wide': (_req, res) => res.end(png(2049, 1)),
    '/silent': () => {},
  };
  const { server, origin } = await openServer();
  const asked: string[] = [];
  const headers: NodeJS.Dict<string | string[]>[] = [];
  server.on('request', (req, res) => {
    asked.push(req.url ?? '');
    headers.push(req.headers);
    answers[req.url ?? '']?.(req, res);
  });
  return { origin, asked, headers, answers };
}
