import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hashSync } from '@node-rs/argon2';
import { hash as bcryptHash } from '@node-rs/bcrypt';
import {
  costProblem,
  isPasswordHash,
  passwordKind,
  passwordMark,
} from '../../src/protocol/password-hashes.ts';
import {
  decoysBeside,
  hashPassword,
  newPasswordProblem,
  rehashPassword,
  TODAYS_KIND,
  verifyPassword,
} from '../../src/protocol/passwords.ts';
import { FOREIGN_HASHES } from '../helpers/foreign-hashes.ts';

const NAMES = ['wilhelmina', 'Wilhelmina Featherstone', 'mina@featherstone.example'];
const problem = (password: string) => newPasswordProblem(password, NAMES);

describe('a new password', () => {
  it('is good with 15 characters and short with 14', () => {
    assert.equal(problem('kestrel-tomato1'), undefined);
    assert.equal(problem('kestrel-tomato'), 'short');
    assert.equal(problem(''), 'short');
  });

  it('may have any characters: spaces, other scripts, and each code point counts as one', () => {
    assert.equal(problem('through the looking glass'), undefined);
    assert.equal(problem('鏡の国のアリスとお茶会の時間です'), undefined);
    assert.equal(problem('🦊🐇🎩🫖🃏👑🐛🍄🌹🐢🦩🦔🐭🐈'), 'short');
    assert.equal(problem('🦊🐇🎩🫖🃏👑🐛🍄🌹🐢🦩🦔🐭🐈🦜'), undefined);
  });

  it('needs no digits, capitals or signs, and may be very long', () => {
    assert.equal(problem('correct horse battery staple'), undefined);
    assert.equal(problem('correct horse battery staple '.repeat(30)), undefined);
  });

  it('is easy where it is a short piece again and again', () => {
    for (const password of [
      'aaaaaaaaaaaaaaa',
      '111111111111111111',
      '123412341234123412',
      'passwordpassword',
      'tomatotomatotomato',
      'Tomato1Tomato1Tom',
      '               ',
    ]) {
      assert.equal(problem(password), 'easy', password);
    }
  });

  it('is easy where fingers run along the keyboard, or the alphabet', () => {
    for (const password of [
      'abcdefghijklmnopqrst',
      '123456789012345',
      '1234567890qwertyuiop',
      'qwertyuiopasdfghjkl',
      'QWERTYUIOPASDFGHJKL',
      'aaaabbbbccccdddd',
    ]) {
      assert.equal(problem(password), 'easy', password);
    }
  });

  it('is easy where there is little more to it than the person’s names, or the word itself', () => {
    for (const password of [
      'WilhelminaFeatherstone',
      'wilhelmina.featherstone.1985',
      'featherstone-1234',
      'Featherstone19850412',
      'password123456789',
      'MyPassword12345!',
      'wilhelminawilhelmina!',
    ]) {
      assert.equal(problem(password), 'easy', password);
    }
    assert.equal(problem('wilhelmina likes toadstools'), undefined);
  });

  it('is not held against names that are empty or short', () => {
    assert.equal(newPasswordProblem('kestrel-tomato1', ['', 'o', 'to', '  ']), undefined);
  });
});

describe('a hash of a password', () => {
  const hash = (
    ...[version, m, t, p, salt = 'c29tZXNhbHQ', rest = 'aGFzaA']: (number | string)[]
  ) => `$argon2id$v=${version}$m=${m},t=${t},p=${p}$${salt}$${rest}`;

  it('is one that can be verified, and whose kind can be compared with', async () => {
    for (const good of [hash(19, 8, 1, 1), hash(16, 64, 1, 8), hash(19, 19456, 2, 1)]) {
      assert.ok(isPasswordHash(good), good);
      assert.equal(await verifyPassword(good, 'x', []), false);
      assert.equal(await verifyPassword(undefined, 'x', [passwordKind(good)!]), false);
    }
  });

  it('is none where its numbers are impossible, or there is too little of it', async () => {
    for (const bad of [
      hash(19, 8, 0, 1),
      hash(19, 8, 1, 0),
      hash(19, 0, 1, 1),
      hash(19, 7, 1, 1),
      hash(19, 64, 1, 64),
      hash(18, 8, 1, 1),
      hash('99999999999', 8, 1, 1),
      // Other spellings of a number.
      hash(19, '08', 1, 1),
      hash(19, 8, '01', 1),
      hash(19, 8, 1, 1, 'YQ'),
      hash(19, 8, 1, 1, 'c29tZXNhbHQ', 'YQ'),
      // Bits that belong to no byte.
      hash(19, 8, 1, 1, 'c29tZXNhbHR'),
    ]) {
      assert.ok(!isPasswordHash(bad), bad);
      const kind = passwordKind(bad);
      // Somebody may have written it past the store: the others sign in all the same.
      if (kind !== undefined) assert.equal(await verifyPassword(undefined, 'x', [kind]), false);
    }
  });
});

describe('a hash from elsewhere', () => {
  for (const [name, foreign] of Object.entries(FOREIGN_HASHES)) {
    it(`is verified as what it is, and replaced with its mark kept: ${name}`, async () => {
      assert.ok(isPasswordHash(foreign));
      assert.equal(await verifyPassword(foreign, 'wonderland', []), true);
      assert.equal(await verifyPassword(foreign, 'wonderlanD', []), false);
      const kept = await rehashPassword(foreign, 'wonderland');
      assert.equal(passwordKind(kept!), TODAYS_KIND);
      assert.equal(passwordMark(kept), passwordMark(foreign));
      assert.equal(await verifyPassword(kept, 'wonderland', []), true);
    });
  }

  it('costs one hash for all the names that bcrypt has for the same work', () => {
    const kinds = ['$2a$04$', '$2b$04$', '$2y$04$', '$2y$05$'];
    assert.equal(decoysBeside(FOREIGN_HASHES['bcrypt 2y'], kinds).length, 2);
  });

  it('is kept if the password is longer than what bcrypt looks at: its end may be wrong', async () => {
    const long = await bcryptHash('x'.repeat(80), 4);
    const typed = `${'x'.repeat(79)}y`;
    assert.equal(await verifyPassword(long, typed, []), true);
    assert.equal(await rehashPassword(long, typed), undefined);
  });

  for (const [costly, limit] of [
    [`$2b$16$${'.'.repeat(53)}`, 'it may have a cost of at most 15'],
    [FOREIGN_HASHES['pbkdf2-sha256'].replace('i=1000', 'i=2000001'), /i=2000000 and l=64/],
    [FOREIGN_HASHES.scrypt.replace('ln=4', 'ln=19'), /at most 2097152/],
    [FOREIGN_HASHES.scrypt.replace('ln=4', 'ln=99'), /at most 2097152/],
  ] as const) {
    it(`is refused if it costs too much: ${costly.slice(0, 30)}`, () => {
      assert.ok(isPasswordHash(costly));
      assert.match(costProblem(costly) ?? '', new RegExp(limit));
      assert.deepEqual(decoysBeside(undefined, [passwordKind(costly)!]).length, 1);
    });
  }

  for (const bad of [
    `$2b$03$${'.'.repeat(53)}`,
    `$2b$32$${'.'.repeat(53)}`,
    `$2x$10$${'.'.repeat(53)}`,
    `$2b$10$${'.'.repeat(52)}`,
    FOREIGN_HASHES['pbkdf2-sha256'].replace('l=64', 'l=32'),
    FOREIGN_HASHES['pbkdf2-sha256'].replace('i=1000', 'i=0'),
    FOREIGN_HASHES['pbkdf2-sha256'].replace('sha256', 'sha224'),
    FOREIGN_HASHES['pbkdf2-sha256'].replace(/=*$/, '=='),
    FOREIGN_HASHES.scrypt.replace('ln=4', 'ln=0'),
    FOREIGN_HASHES.scrypt.replace('ln=4', 'ln=04'),
    FOREIGN_HASHES.scrypt.replace('ln=4,r=8', 'ln=16,r=1'),
    FOREIGN_HASHES.scrypt.replace('ln=4,r=8', 'ln=4,r=0'),
    FOREIGN_HASHES['pbkdf2-sha256'].replace('i=1000', 'i=01000'),
    '$scrypt$ln=4,r=8,p=1$YWJjZA$YWJjZA',
    '$1$salt$hash',
    '{SSHA}abcd',
  ]) {
    it(`is none if it cannot have been made: ${bad.slice(0, 40)}`, async () => {
      assert.equal(isPasswordHash(bad), false);
      assert.equal(await verifyPassword(undefined, 'x', [passwordKind(bad) ?? bad]), false);
    });
  }
});

describe('a wrong password', () => {
  const kinds = [
    '$argon2i$v=19$m=64,t=1,p=1$',
    '$argon2d$v=16$m=64,t=2,p=2$',
    '$argon2id$v=19$m=128,t=1,p=1$',
    '$2b$04$',
    '$pbkdf2-sha256$i=10,l=64$',
    '$scrypt$ln=4,r=8,p=1$',
  ];
  const hashes = decoysBeside(undefined, kinds);

  it('is the same work for everybody: a hash of each kind that is in use, whosever it is', () => {
    const all = [TODAYS_KIND, ...kinds].sort();
    for (const passwordHash of [...hashes, undefined]) {
      const hashed = [passwordHash, ...decoysBeside(passwordHash, kinds)];
      const work = hashed.flatMap((one) => (one === undefined ? [] : passwordKind(one)));
      assert.deepEqual(work.sort(), all);
    }
  });

  it('is wrong beside hashes of any kind, and of none', async () => {
    for (const passwordHash of [...hashes, undefined]) {
      assert.equal(
        await verifyPassword(passwordHash, 'a guess', [...kinds, '', 'no kind$']),
        false,
      );
    }
    const passwordHash = await hashPassword('wonderland');
    assert.equal(await verifyPassword(passwordHash, 'wonderland', kinds), true);
  });
});

describe('a password with accents', () => {
  const [composed, apart] = ['mañana-à-l’été'.normalize('NFC'), 'mañana-à-l’été'.normalize('NFD')];

  it('is the same from every keyboard, for hashes of ours', async () => {
    assert.notEqual(composed, apart);
    for (const typed of [composed, apart]) {
      const kept = await hashPassword(typed);
      assert.equal(await verifyPassword(kept, composed, []), true);
      assert.equal(await verifyPassword(kept, apart, []), true);
      assert.equal(await verifyPassword(kept, `${apart} `, []), false);
    }
  });

  it('is right as it was typed, for hashes from elsewhere, and from every keyboard after the sign-in', async () => {
    const options = { memoryCost: 64, timeCost: 1, parallelism: 1 };
    for (const typed of [composed, apart]) {
      const old = hashSync(typed, options);
      assert.equal(await verifyPassword(old, typed, []), true);
      const kept = await rehashPassword(old, typed);
      assert.equal(await verifyPassword(kept, composed, []), true);
      assert.equal(await verifyPassword(kept, apart, []), true);
    }
  });

  it('has 15 characters when its accents are no characters of their own', () => {
    assert.equal(problem('é'.normalize('NFD').repeat(8)), 'short');
  });
});

describe('the mark of a password', () => {
  it('is another for every hash that is made, of the same password too', async () => {
    const [one, two] = [await hashPassword('wonderland'), await hashPassword('wonderland')];
    assert.notEqual(passwordMark(one), passwordMark(two));
    const bcrypt = (end: string) => `$2b$10$abcdefghijklmnopqrstuv${end}`;
    assert.notEqual(passwordMark(bcrypt('x')), passwordMark(bcrypt('y')));
    assert.notEqual(passwordMark(undefined), passwordMark(one));
  });

  it('stays when the password is hashed as new ones are, which is the same for all who do it', async () => {
    const old =
      '$argon2id$v=19$m=64,t=1,p=1$MTIzNDU2Nzg$dVh6SoZjBXUJVjBHIvQpNWVCgF+Kd/CUtGOOWyRPrSs';
    const [one, two] = [await rehashPassword(old, 'x'), await rehashPassword(old, 'x')];
    assert.equal(one, two);
    assert.equal(passwordKind(one!), TODAYS_KIND);
    assert.equal(passwordMark(one), passwordMark(old));
    assert.equal(await verifyPassword(one, 'x', []), true);
    assert.equal(await rehashPassword(one!, 'x'), undefined);
  });
});
