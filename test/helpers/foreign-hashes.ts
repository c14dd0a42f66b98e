// Hashes of a password as other servers keep them.

import { pbkdf2Sync, scryptSync } from 'node:crypto';
import { hashSync as bcryptSync } from '@node-rs/bcrypt';

const base64 = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');
const SALT = Buffer.from('a salt of 16 byt');

function pbkdf2(name: string, digest: string): string {
  const hash = pbkdf2Sync('wonderland', SALT, 1000, 64, digest);
  return `$${name}$i=1000,l=64$${base64(SALT)}$${base64(hash)}`;
}

const bcrypt = (version: string) => bcryptSync('wonderland', 4).replace('2b', version);

/** A hash of "wonderland" in each form that other servers write, with few costs. */
export const FOREIGN_HASHES = {
  'bcrypt 2a': bcrypt('2a'),
  'bcrypt 2b': bcrypt('2b'),
  'bcrypt 2y': bcrypt('2y'),
  pbkdf2: pbkdf2('pbkdf2', 'sha1'),
  'pbkdf2-sha256': pbkdf2('pbkdf2-sha256', 'sha256'),
  'pbkdf2-sha512': pbkdf2('pbkdf2-sha512', 'sha512'),
  scrypt: `$scrypt$ln=4,r=8,p=1$${base64(SALT)}$${base64(scryptSync('wonderland', SALT, 32, { N: 16, r: 8, p: 1 }))}`,
};
