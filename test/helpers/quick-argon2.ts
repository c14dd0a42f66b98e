// For --import: argon2 at the costs of today's hashes costs next to nothing in this process, and says
// that it cost what it should. Whether a password is right comes out as before. Most sign-ins of the
// tests are about something else; what is about the hashes themselves runs without this.

import { createRequire } from 'node:module';

const TODAYS = 'm=19456,t=2,p=1$';
const QUICK = 'm=8,t=1,p=1$';
const quick = { memoryCost: 8, timeCost: 1, parallelism: 1 };

const argon2: typeof import('@node-rs/argon2') = createRequire(import.meta.url)('@node-rs/argon2');
const { hash, verify } = argon2;

// Modules that import it from now on get these.
argon2.hash = async (password, options, signal) => {
  const { memoryCost, timeCost, parallelism } = options ?? {};
  const isToday = `m=${memoryCost},t=${timeCost},p=${parallelism}$` === TODAYS;
  const made = await hash(password, isToday ? { ...options, ...quick } : options, signal);
  return isToday ? made.replace(QUICK, TODAYS) : made;
};
argon2.verify = (hashed, ...more) => verify(String(hashed).replace(TODAYS, QUICK), ...more);
