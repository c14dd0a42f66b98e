// For --import: what is slow on purpose, or by its nature, costs next to nothing in this process. Most
// sign-ins and most signatures of the tests are about something else; what is about the costs of a hash,
// or about how keys are made, runs without this.

import crypto from 'node:crypto';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { promisify } from 'node:util';

const TODAYS = 'm=19456,t=2,p=1$';
const QUICK = 'm=8,t=1,p=1$';
const quick = { memoryCost: 8, timeCost: 1, parallelism: 1 };

const argon2: typeof import('@node-rs/argon2') = createRequire(import.meta.url)('@node-rs/argon2');
const { hash, verify } = argon2;

// Modules that import it from now on get these. A hash says that it cost what it should, and whether a
// password is right comes out as before.
argon2.hash = async (password, options, signal) => {
  const { memoryCost, timeCost, parallelism } = options ?? {};
  const isToday = `m=${memoryCost},t=${timeCost},p=${parallelism}$` === TODAYS;
  const made = await hash(password, isToday ? { ...options, ...quick } : options, signal);
  return isToday ? made.replace(QUICK, TODAYS) : made;
};
argon2.verify = (hashed, ...more) => verify(String(hashed).replace(TODAYS, QUICK), ...more);

/** How many RSA keys there are: as many as one test compares with each other. */
const RSA_KEYS = 8;

const generate = promisify(crypto.generateKeyPair);
const rsaKeys: Promise<crypto.KeyPairKeyObjectResult>[] = [];
let asked = 0;

/** Each server makes an RSA key. Here it is one of a few, which come in turn. */
async function generateQuickly(type: string, options: { modulusLength?: number }) {
  if (type !== 'rsa' || options.modulusLength !== 2048)
    return generate(type as 'rsa', options as never);
  const place = asked % RSA_KEYS;
  asked += 1;
  rsaKeys[place] ??= generate('rsa', { modulusLength: 2048 });
  return rsaKeys[place];
}

Object.defineProperty(crypto.generateKeyPair, promisify.custom, { value: generateQuickly });
syncBuiltinESMExports();
