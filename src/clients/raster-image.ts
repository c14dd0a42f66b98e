// Recognises pictures, and reads their size, from the bytes alone: whoever sent them may call them
// anything. SVG is not recognised, because it is a document that can contain scripts.

export interface RasterImage {
  /** The media type. */
  readonly type: 'image/png' | 'image/jpeg' | 'image/webp' | 'image/gif';
  readonly content: Buffer;
}

/** Most pixels along a side. A small file can unpack to so many that the browser runs out of memory. */
const MAX_SIDE = 2048;

type Size = readonly [width: number, height: number];

/** The kinds of pictures: how a file of each begins, and how its size is read. */
const KINDS: readonly {
  readonly type: RasterImage['type'];
  readonly start: RegExp;
  readonly sizeOf: (bytes: Buffer) => Size | undefined;
}[] = [
  {
    type: 'image/png',
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a PNG begins with one, so that nobody takes it for text
    start: /^\x89PNG\r\n\x1a\n.{4}IHDR/s,
    sizeOf: (bytes) => [bytes.readUInt32BE(16), bytes.readUInt32BE(20)],
  },
  { type: 'image/jpeg', start: /^\xff\xd8\xff/, sizeOf: sizeOfJpeg },
  { type: 'image/webp', start: /^RIFF.{4}WEBPVP8/s, sizeOf: sizeOfWebp },
  {
    type: 'image/gif',
    start: /^GIF8[79]a/,
    sizeOf: (bytes) => [bytes.readUInt16LE(6), bytes.readUInt16LE(8)],
  },
];

/** @throws Error that says why the bytes cannot be shown as a picture */
export function readRasterImage(content: Buffer): RasterImage {
  const start = content.toString('latin1', 0, 32);
  const kind = KINDS.find((one) => one.start.test(start));
  const size = kind && readSize(content, kind.sizeOf);
  if (kind === undefined || size === undefined) throw new Error('it is no PNG, JPEG, WebP or GIF');
  if (Math.min(...size) < 1 || Math.max(...size) > MAX_SIDE) {
    throw new Error(`it has ${size.join(' x ')} pixels, and a side may have 1 to ${MAX_SIDE}`);
  }
  return { type: kind.type, content };
}

function readSize(content: Buffer, sizeOf: (bytes: Buffer) => Size | undefined): Size | undefined {
  try {
    return sizeOf(content);
  } catch (error) {
    // The file ends before that place.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** A JPEG is a row of segments. The one that begins the frame has the size. */
function sizeOfJpeg(bytes: Buffer): Size | undefined {
  for (let at = 2; ; at += 2 + bytes.readUInt16BE(at + 2)) {
    if (bytes.readUInt8(at) !== 0xff) return undefined;
    const marker = bytes.readUInt8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return [bytes.readUInt16BE(at + 7), bytes.readUInt16BE(at + 5)];
  }
}

/** RFC 9649 section 2: a lossy, a lossless or an extended file. */
function sizeOfWebp(bytes: Buffer): Size | undefined {
  switch (bytes.toString('latin1', 12, 16)) {
    case 'VP8 ':
      return [bytes.readUInt16LE(26) & 0x3fff, bytes.readUInt16LE(28) & 0x3fff];
    case 'VP8L': {
      const bits = bytes.readUInt32LE(21);
      return [(bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1];
    }
    case 'VP8X':
      return [bytes.readUIntLE(24, 3) + 1, bytes.readUIntLE(27, 3) + 1];
    default:
      return undefined;
  }
}
