// Pictures of clients, and a host that has some.

import type { RequestListener } from 'node:http';
import { crc32, deflateSync } from 'node:zlib';
import { openServer } from './harness.ts';

/** A chunk of a PNG. */
export function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  return Buffer.concat([bigEndian(data.length), body, bigEndian(crc32(body))]);
}

function bigEndian(...numbers: number[]): Buffer {
  const bytes = Buffer.alloc(4 * numbers.length);
  for (const [at, number] of numbers.entries()) bytes.writeUInt32BE(number, 4 * at);
  return bytes;
}

/** A PNG of one colour. @param more chunks behind the header */
export function png(
  width: number,
  height: number,
  rgba = [200, 30, 60, 255],
  more: readonly Buffer[] = [],
): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header.set([8, 6], 8);
  const row = Buffer.from([0, ...Array.from({ length: width }, () => rgba).flat()]);
  const rows = deflateSync(Buffer.concat(Array.from({ length: height }, () => row)));
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunk('IHDR', header),
    ...more,
    pngChunk('IDAT', rows),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

/** The chunk with which a frame of an animated PNG begins. */
export const pngFrame = (x: number, y: number, width: number, height: number) =>
  pngChunk('fcTL', Buffer.concat([bigEndian(0, width, height, x, y), Buffer.alloc(6)]));

/** Bytes written in hexadecimal, with spaces. */
export const bytes = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

function littleEndian(size: number, ...numbers: number[]): Buffer {
  const all = Buffer.alloc(size * numbers.length);
  for (const [at, number] of numbers.entries()) all.writeUIntLE(number, size * at, size);
  return all;
}

export type Frame = readonly [x: number, y: number, width: number, height: number];

/** A GIF: its screen, and frames, the first with a table of colours and the others without. */
export function gif(width: number, height: number, ...frames: readonly Frame[]): Buffer {
  return Buffer.concat([
    Buffer.from('GIF89a'),
    littleEndian(2, width, height),
    // A table of two colours, a comment, and how the frames go on.
    bytes('80 00 00 000000 ffffff 21fe 02 3b2c 00 21f9 04 00000000 00'),
    ...frames.flatMap((frame, at) => [
      bytes('2c'),
      littleEndian(2, ...frame),
      bytes(at === 0 ? '80 c81e3c 000000' : '00'),
      bytes('02 02 4c01 00'),
    ]),
    bytes('3b'),
  ]);
}

/** A JPEG: the segments in front of its frame, written in hexadecimal, the frame, and a scan. */
export function jpeg(
  width: number,
  height: number,
  before = 'ffe0 0004 0000',
  type = 'c0',
): Buffer {
  const size = [height, width].map((side) => side.toString(16).padStart(4, '0')).join('');
  return bytes(
    `ffd8 ${before} ff${type} 000b 08 ${size} 01 011100 ffda 0008 01 0100 003f00 9a ff00 ffd0 7c ffd9`,
  );
}

/** A chunk of a WebP, whose data are written in hexadecimal. */
export function webpChunk(kind: string, ...data: readonly (string | Buffer)[]): Buffer {
  const body = Buffer.concat(data.map((one) => (typeof one === 'string' ? bytes(one) : one)));
  const pad = Buffer.alloc(body.length % 2);
  return Buffer.concat([Buffer.from(kind), littleEndian(4, body.length), body, pad]);
}

/** A WebP of chunks. */
export function webp(...chunks: readonly Buffer[]): Buffer {
  const body = Buffer.concat([Buffer.from('WEBP'), ...chunks]);
  return Buffer.concat([Buffer.from('RIFF'), littleEndian(4, body.length), body]);
}

/** The chunks of a WebP: lossy, lossless, the canvas, and a frame of an animation. */
export const lossy = (width: number, height: number) =>
  webpChunk('VP8 ', '000000 9d012a', littleEndian(2, width, height), '00');
export const lossless = (width: number, height: number) =>
  webpChunk('VP8L', '2f', littleEndian(4, (((height - 1) << 14) | (width - 1)) >>> 0));
export const canvas = (width: number, height: number) =>
  webpChunk('VP8X', '02000000', littleEndian(3, width - 1, height - 1));
export const webpFrame = ([x, y, width, height]: Frame, picture: Buffer) =>
  webpChunk('ANMF', littleEndian(3, x / 2, y / 2, width - 1, height - 1, 100), '00', picture);

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
