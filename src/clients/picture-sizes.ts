// How large the pictures in a file are: that of the file as a whole, and every frame in it. A browser unfolds a
// frame by the size that the frame itself has. So a file is read from its beginning to its end, as decoders
// read it, and one that has anything else in it than its format says has no sizes.

export type Size = readonly [width: number, height: number];

/** `undefined` if a file is not what its format says. A RangeError if it ends too early. */
type Sizes = readonly Size[] | undefined;

/** PNG, third edition: section 5 has the chunks, and section 11.3.6 those of an animation. */
export function sizesOfPng(bytes: Buffer): Sizes {
  const sizes: Size[] = [];
  for (let at = 8; ; ) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    const isHeader = type === 'IHDR';
    // It is the first chunk, and there is no other.
    if (isHeader !== (at === 8) || (isHeader && length !== 13)) return undefined;
    if (isHeader) sizes.push([bytes.readUInt32BE(at + 8), bytes.readUInt32BE(at + 12)]);
    if (type === 'fcTL') {
      const [width, height, x, y] = [12, 16, 20, 24].map((place) => bytes.readUInt32BE(at + place));
      sizes.push(extent(x!, y!, width!, height!));
    }
    at += 12 + length;
    // The last byte of the checksum is there.
    bytes.readUInt8(at - 1);
    if (type === 'IEND') return sizes;
  }
}

/** Of JPEG, by ITU-T T.81 table B.1: the markers that begin a frame, and the others that a file may have. */
const FRAMES = /^c[0-35-79-bd-f]$/;
const OTHERS = /^(c4|cc|d[abd]|e.|fe)$/;
/** Likewise, those that stand alone, without a length. */
const ALONE = /^(01|d[0-7])$/;

/** T.81 section B.1.1: segments, each behind a marker, and compressed data behind a scan (SOS). */
export function sizesOfJpeg(bytes: Buffer): Sizes {
  const sizes: Size[] = [];
  for (let at = 2, hasScan = false; ; ) {
    // Some files lack their end (EOI), and browsers show them.
    if (hasScan && at === bytes.length) return sizes;
    if (bytes.readUInt8(at) !== 0xff) return undefined;
    // Section B.1.1.2: any number of bytes FF may fill the space before a marker.
    while (bytes.readUInt8(at + 1) === 0xff) at += 1;
    const marker = bytes.toString('hex', at + 1, at + 2);
    at += 2;
    if (marker === 'd9') return sizes;
    if (ALONE.test(marker)) continue;
    const length = bytes.readUInt16BE(at);
    const isFrame = FRAMES.test(marker);
    if (length < 2 || !(isFrame || OTHERS.test(marker))) return undefined;
    if (isFrame) sizes.push([bytes.readUInt16BE(at + 5), bytes.readUInt16BE(at + 3)]);
    at += length;
    if (marker !== 'da') continue;
    hasScan = true;
    at = endOfScan(bytes, at);
  }
}

/** Where the next marker is: in compressed data, FF is followed by 00, or by a marker that restarts (RST). */
function endOfScan(bytes: Buffer, start: number): number {
  for (let at = start; ; at += 2) {
    at = bytes.indexOf(0xff, at);
    if (at === -1 || at + 1 === bytes.length) return bytes.length;
    if (!/^(00|d[0-7])$/.test(bytes.toString('hex', at + 1, at + 2))) return at;
  }
}

/** GIF89a: the logical screen, and where each image is on it. A browser makes the screen larger for the first. */
export function sizesOfGif(bytes: Buffer): Sizes {
  const sizes: Size[] = [[bytes.readUInt16LE(6), bytes.readUInt16LE(8)]];
  for (let at = 13 + colorTable(bytes, 10); ; ) {
    // Some files lack their end, and browsers show them.
    if (at === bytes.length && sizes.length > 1) return sizes;
    switch (bytes.readUInt8(at)) {
      case 0x21:
        at = afterBlocks(bytes, at + 2);
        break;
      case 0x2c: {
        const [x, y, width, height] = [1, 3, 5, 7].map((place) => bytes.readUInt16LE(at + place));
        sizes.push(extent(x!, y!, width!, height!));
        at = afterBlocks(bytes, at + 11 + colorTable(bytes, at + 9));
        break;
      }
      case 0x3b:
        return sizes;
      default:
        return undefined;
    }
  }
}

/** How many bytes the table of colors has that the flags at a place speak of. */
function colorTable(bytes: Buffer, place: number): number {
  const flags = bytes.readUInt8(place);
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}

/** What is behind a row of blocks, which ends in an empty one. */
function afterBlocks(bytes: Buffer, start: number): number {
  for (let at = start; ; ) {
    const length = bytes.readUInt8(at);
    at += 1 + length;
    if (length === 0) return at;
  }
}

/** RFC 9649 section 2: a lossy, a lossless or an extended file. */
export function sizesOfWebp(bytes: Buffer): Sizes {
  const end = 8 + bytes.readUInt32LE(4);
  return end > bytes.length ? undefined : sizesOfChunks(bytes, 12, end);
}

/** Section 2.3: chunks, padded to an even length. A frame of an animation has its own. */
function sizesOfChunks(bytes: Buffer, start: number, end: number): Sizes {
  const sizes: Size[] = [];
  for (let at = start; at < end; ) {
    const length = bytes.readUInt32LE(at + 4);
    const data = at + 8;
    if (data + length > end) return undefined;
    const u24 = (place: number) => bytes.readUIntLE(data + place, 3);
    switch (bytes.toString('latin1', at, data - 4)) {
      case 'VP8 ':
        if (u24(3) !== 0x2a019d) return undefined;
        sizes.push([bytes.readUInt16LE(data + 6) & 0x3fff, bytes.readUInt16LE(data + 8) & 0x3fff]);
        break;
      case 'VP8L': {
        if (bytes.readUInt8(data) !== 0x2f) return undefined;
        const bits = bytes.readUInt32LE(data + 1);
        sizes.push([(bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1]);
        break;
      }
      case 'VP8X':
        sizes.push([u24(4) + 1, u24(7) + 1]);
        break;
      case 'ANMF': {
        const inside = sizesOfChunks(bytes, data + 16, data + length);
        if (inside === undefined) return undefined;
        sizes.push(extent(2 * u24(0), 2 * u24(3), u24(6) + 1, u24(9) + 1), ...inside);
        break;
      }
    }
    at = data + length + (length % 2);
  }
  return sizes;
}

/** How far an image reaches that begins at a place; nothing is none. */
function extent(x: number, y: number, width: number, height: number): Size {
  return Math.min(width, height) === 0 ? [0, 0] : [x + width, y + height];
}
