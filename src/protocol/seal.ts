// Data that browsers carry for this server, sealed so that nobody else can read, make or change it. So
// nothing is kept for a person who may never come back.

import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { decrypt, encrypt } from './secrets.ts';

/** Longest content that is unpacked again, in bytes. */
const MAX_CONTENT = 16 * 1024;

/** Plain data of one kind as a text for URLs and forms, and back. */
export class Seal<Content> {
  readonly #key: Buffer;
  readonly #dictionary: Buffer;

  /**
   * @param key 32 bytes, the same in all processes that serve one issuer, and for one kind of data alone
   * @param common what all data of this kind have in common, so that the text is short; the likeliest is at
   *   the end
   */
  constructor(key: Buffer, common: string) {
    this.#key = key;
    this.#dictionary = Buffer.from(common);
  }

  seal(content: Content): string {
    const packed = deflateRawSync(JSON.stringify(content), { dictionary: this.#dictionary });
    return encrypt(this.#key, packed);
  }

  /** @returns `undefined` if this server has not sealed it */
  open(sealed: string): Content | undefined {
    try {
      const packed = decrypt(this.#key, sealed);
      const options = { dictionary: this.#dictionary, maxOutputLength: MAX_CONTENT };
      return JSON.parse(inflateRawSync(packed, options).toString());
    } catch {
      return undefined;
    }
  }
}
