// Recognises pictures, and reads their size, from the bytes alone: whoever sent them may call them
// anything. SVG is not recognised, because it is a document that can contain scripts.

import { type Size, sizesOfGif, sizesOfJpeg, sizesOfPng, sizesOfWebp } from './picture-sizes.ts';

export interface RasterImage {
  /** The media type. */
  readonly type: 'image/png' | 'image/jpeg' | 'image/webp' | 'image/gif';
  readonly content: Buffer;
}

/** Most pixels along a side. A small file can unpack to so many that the browser runs out of memory. */
const MAX_SIDE = 2048;

/** The kinds of pictures: how a file of that kind begins, and what reads the sizes of its frames. */
const KINDS: readonly {
  readonly type: RasterImage['type'];
  readonly start: RegExp;
  readonly sizesOf: (bytes: Buffer) => readonly Size[] | undefined;
}[] = [
  {
    type: 'image/png',
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a PNG begins with one, so that nobody takes it for text
    start: /^\x89PNG\r\n\x1a\n.{4}IHDR/s,
    sizesOf: sizesOfPng,
  },
  { type: 'image/jpeg', start: /^\xff\xd8\xff/, sizesOf: sizesOfJpeg },
  { type: 'image/webp', start: /^RIFF.{4}WEBPVP8/s, sizesOf: sizesOfWebp },
  { type: 'image/gif', start: /^GIF8[79]a/, sizesOf: sizesOfGif },
];

/** @throws Error that says why the bytes cannot be shown as a picture */
export function readRasterImage(content: Buffer): RasterImage {
  const start = content.toString('latin1', 0, 32);
  const kind = KINDS.find((one) => one.start.test(start));
  const sizes = kind === undefined ? [] : readSizes(content, kind.sizesOf);
  if (kind === undefined || sizes.length === 0) throw new Error('it is no PNG, JPEG, WebP or GIF');
  const bad = sizes.find((size) => Math.min(...size) < 1 || Math.max(...size) > MAX_SIDE);
  if (bad !== undefined) {
    throw new Error(`it has ${bad.join(' x ')} pixels, and a side may have 1 to ${MAX_SIDE}`);
  }
  return { type: kind.type, content };
}

function readSizes(content: Buffer, sizesOf: (typeof KINDS)[number]['sizesOf']): readonly Size[] {
  try {
    return sizesOf(content) ?? [];
  } catch (error) {
    // The file ends too early.
    if (error instanceof RangeError) return [];
    throw error;
  }
}
