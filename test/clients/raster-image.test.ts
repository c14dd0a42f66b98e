// What is a picture, and how large it and its frames are, by their bytes alone.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readRasterImage } from '../../src/clients/raster-image.ts';
import {
  bytes,
  canvas,
  gif,
  jpeg,
  lossless,
  lossy,
  png,
  pngFrame,
  webp,
  webpChunk,
  webpFrame,
} from '../helpers/logos.ts';

/** Pictures of 300 x 200 pixels. */
const KINDS: [type: string, content: Buffer][] = [
  ['image/png', png(300, 200)],
  ['image/png', png(300, 200, undefined, [pngFrame(0, 0, 300, 200), pngFrame(10, 10, 290, 190)])],
  ['image/jpeg', jpeg(300, 200, 'ffe0 0004 0000 ffc4 0003 00', 'c2')],
  ['image/jpeg', jpeg(300, 200, 'ffff ffe1 0006 ffd80000 ff01 fffe 0002 ffffff db 0003 00')],
  ['image/jpeg', jpeg(300, 200).subarray(0, -2)],
  ['image/webp', webp(lossy(300, 200))],
  ['image/webp', webp(lossless(300, 200))],
  ['image/webp', webp(canvas(300, 200), webpChunk('ICCP', '00'), lossy(300, 200))],
  [
    'image/webp',
    webp(
      canvas(300, 200),
      webpChunk('ANIM', '000000000000'),
      webpFrame([0, 0, 300, 200], lossless(300, 200)),
      webpFrame([100, 100, 200, 100], lossy(200, 100)),
    ),
  ],
  ['image/gif', gif(300, 200, [0, 0, 300, 200])],
  ['image/gif', gif(300, 200, [0, 0, 300, 200], [299, 199, 1, 1]).subarray(0, -1)],
];

/** Whoever takes FF FF for a marker takes C0 00 for its length, and lands in the comment. */
function hidden(): Buffer {
  const comment = Buffer.alloc(0xc000, '\xff\xc0\x00\x0b\x08\x00\x01\x00\x01', 'latin1');
  const small = bytes('ffc0 000b 08 0001 0001 01 011100');
  const start = jpeg(12_000, 12_000, 'ff').subarray(0, 16);
  comment.set(small, 4 + 0xc000 - start.length - 4);
  const scan = jpeg(1, 1).subarray(-18);
  return Buffer.concat([start, bytes('fffe c002'), comment, scan]);
}

/** Small files of which a browser unfolds more than they say at first. */
const LARGER: [what: string, content: Buffer][] = [
  ['a GIF with a frame that is larger than its screen', gif(1, 1, [0, 0, 12_000, 12_000])],
  ['a GIF with a second frame beyond its screen', gif(9, 9, [0, 0, 9, 9], [2040, 0, 9, 9])],
  ['a JPEG with a byte to fill in before its frame', jpeg(12_000, 12_000, 'ff')],
  ['a JPEG with a small frame in a comment, where the byte to fill in seems to lead', hidden()],
  ['a JPEG with a second frame', jpeg(12_000, 1, 'ffc0 000b 08 0001 0001 01 011100')],
  [
    'a JPEG with a second frame behind a scan',
    jpeg(1, 12_000, 'ffc0 000b 08 0001 0001 01 011100 ffda 0008 01 0100 003f00 9a ff00'),
  ],
  ['a PNG with a frame that is larger', png(9, 9, undefined, [pngFrame(0, 0, 9, 12_000)])],
  ['a PNG with a frame beyond its sides', png(9, 9, undefined, [pngFrame(2040, 0, 9, 9)])],
  ['a WebP whose picture is larger than its canvas', webp(canvas(9, 9), lossy(12_000, 9))],
  ['a WebP with a second picture', webp(lossless(9, 9), lossless(9, 12_000))],
  [
    'a WebP with a frame beyond its canvas',
    webp(canvas(9, 9), webpFrame([2040, 0, 9, 9], lossy(9, 9))),
  ],
  [
    'a WebP whose frame has a larger picture in it',
    webp(canvas(9, 9), webpFrame([0, 0, 9, 9], lossless(12_000, 9))),
  ],
];

/** Files that begin as pictures do, and go on as none does. */
const STRANGE: [what: string, content: Buffer][] = [
  ['a PNG with two headers', png(9, 9, undefined, [png(9, 9).subarray(8, 33)])],
  ['a PNG whose header has another length', png(9, 9).fill(14, 11, 12)],
  ['a PNG without an end', png(9, 9).subarray(0, -12)],
  ['a JPEG with something between its segments', jpeg(9, 9, '00')],
  ['a JPEG with a segment that has no length', jpeg(9, 9, 'ffe0 0001')],
  ['a JPEG with a marker that is reserved', jpeg(9, 9, 'ff02')],
  ['a JPEG that begins again', jpeg(9, 9, 'ffd8')],
  ['a JPEG that says later how many lines it has', jpeg(9, 9, 'ffdc 0004 2ee0')],
  ['a JPEG of frames on frames', jpeg(9, 9, 'ffde 000b 08 0009 0009 01 011100')],
  ['a JPEG without a frame', bytes('ffd8 ffe0 0004 0000 ffd9')],
  [
    'a GIF with something between its frames',
    Buffer.concat([gif(9, 9).subarray(0, -1), KINDS[0]![1]]),
  ],
  ['a GIF without an end and without a frame', gif(9, 9).subarray(0, -1)],
  ['a WebP of another kind', webp(webpChunk('VP8?', '00'.repeat(20)))],
  ['a WebP that says to be longer', webp(lossy(9, 9)).fill(200, 4, 5)],
  ['a WebP with a chunk that is longer than it', webp(lossy(9, 9)).fill(200, 16, 17)],
  ['a WebP without the code that a picture starts with', webp(webpChunk('VP8 ', '00'.repeat(20)))],
];

describe('the bytes of a picture', () => {
  it('say what kind it is and how large, whatever it is called', () => {
    for (const [type, content] of KINDS) assert.equal(readRasterImage(content).type, type);
  });

  it('are refused if they are no picture, or break off before they say how large it is', () => {
    const others = ['', '<svg xmlns="http://www.w3.org/2000/svg"/>', '<!doctype html>', '%PDF-1.7'];
    const cut = KINDS.flatMap(([, content]) => [5, 9, 19].map((at) => content.subarray(0, at)));
    for (const content of [...others.map((text) => Buffer.from(text)), ...cut]) {
      assert.throws(() => readRasterImage(content), /^Error: it is no PNG, JPEG, WebP or GIF$/);
    }
  });

  for (const [what, content] of STRANGE) {
    it(`are refused if they go on as no picture does: ${what}`, () => {
      assert.throws(() => readRasterImage(content), /^Error: it is no PNG, JPEG, WebP or GIF$/);
    });
  }

  for (const [what, content] of LARGER) {
    it(`are refused if a browser would unfold more than they say at first: ${what}`, () => {
      assert.ok(content.length < 128 * 1024);
      assert.throws(() => readRasterImage(content), /pixels, and a side may have 1 to 2048/);
    });
  }

  it('are refused, or read to their end, wherever they break off', () => {
    for (const [, content] of KINDS) {
      for (let length = 0; length < content.length; length += 1) {
        try {
          readRasterImage(content.subarray(0, length));
        } catch (error) {
          assert.equal((error as Error).message, 'it is no PNG, JPEG, WebP or GIF');
        }
      }
    }
  });

  it('are refused if it has more pixels than a page should unfold, or none', () => {
    for (const [width, height] of [
      [2049, 1],
      [1, 2049],
      [0, 1],
    ] as const) {
      assert.throws(() => readRasterImage(png(width, height)), /pixels, and a side may have 1 to/);
    }
    readRasterImage(png(2048, 2048));
  });
});
