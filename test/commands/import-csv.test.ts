import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { administered } from '../helpers/administered.ts';
import { type CommandLine, commandLine } from '../helpers/commands.ts';
import { FOREIGN_HASHES } from '../helpers/foreign-hashes.ts';
import { logIn } from '../helpers/http-person.ts';
import { directory } from '../helpers/program.ts';

/** It has a comma in it. */
const HASH = `"${FOREIGN_HASHES['pbkdf2-sha256']}"`;
let files = 0;

async function fileWith(content: string | Buffer): Promise<string> {
  files += 1;
  const path = join(directory, `people-${files}.csv`);
  await writeFile(path, content);
  return path;
}

/** Imports people, and answers what the command says of it as JSON. */
async function imported(cli: CommandLine, content: string, ...more: string[]) {
  const done = await cli(['import', 'csv', await fileWith(content), '--json', ...more]);
  const { refused } = done.json.people;
  assert.equal(done.code, refused === 0 ? 0 : 4, done.stderr);
  return done.json;
}

describe('import csv', () => {
  it('brings people, who sign in with the password that was hashed elsewhere, or is in the file', async () => {
    const { server, cli } = await administered();
    const content = `username,password,password_hash\nhashed,,${HASH}\nplain,correct horse,\nnobody,,\n`;
    const report = await imported(cli, content, '--apply');
    assert.deepEqual(report.people, { added: 3, there: 0, refused: 0 });
    assert.deepEqual(report.remarks, [
      { about: 'user nobody', place: 'line 4', what: 'has no password: send a reset link' },
    ]);
    assert.equal((await logIn(server, 'hashed', 'wonderland')).status, 200);
    assert.equal((await logIn(server, 'plain', 'correct horse')).status, 200);
    for (const password of ['', ' ', 'wonderland']) {
      assert.notEqual((await logIn(server, 'nobody', password)).status, 200);
    }
  });

  it('ends with 4 if somebody cannot be taken, tried and applied, and takes all others', async () => {
    const cli = await commandLine();
    const path = await fileWith('username,email\nann,ann@example.com\n,nobody@example.com\n');
    for (const more of [[], ['--apply'], ['--apply', '--json']]) {
      const { code, stderr } = await cli(['import', 'csv', path, ...more]);
      assert.equal(code, 4);
      assert.match(stderr, /^1 entry cannot be taken\.$/m);
    }
    assert.equal((await cli('user show ann')).code, 0);
    const sound = await fileWith('username\nbea\n');
    assert.equal((await cli(['import', 'csv', sound, '--apply'])).code, 0);
  });

  it('names those without a password only if they are added, in a sentence about all of them', async () => {
    const cli = await commandLine();
    const path = await fileWith(`username,password_hash\nann,${HASH}\n`);
    assert.equal((await cli(['import', 'csv', path, '--apply'])).code, 0);
    const { stdout } = await cli([
      'import',
      'csv',
      await fileWith('id,username\n1,ann\n2,bea\n3,cleo\n'),
    ]);
    assert.match(stdout, /^people {3}2 would be added/, 'and says nothing of clients');
    assert.match(
      stdout,
      /^ {2}2 users \(bea, line 3; cleo, line 4\): have no password: send a reset link$/m,
    );
    assert.match(
      stdout,
      /^ {2}user \(ann, line 2\): cannot be taken: somebody else has the username$/m,
    );
  });

  it('says of somebody who is in the file twice that they are, before and while it writes', async () => {
    const cli = await commandLine();
    const content = `id,username,password_hash\n1,ann,${HASH}\n1,ann,${HASH}\n2,ann,${HASH}\n1,bea,${HASH}\n`;
    for (const more of [[], ['--apply']]) {
      const { people, remarks } = await imported(cli, content, ...more);
      assert.deepEqual(people, { added: 1, there: 0, refused: 3 });
      assert.deepEqual(
        remarks.map(({ place, what }: { place: string; what: string }) => [place, what]),
        ['line 3', 'line 4', 'line 5'].map((place) => [
          place,
          'is in the files more than once, by id or username: the first is taken',
        ]),
      );
    }
  });

  it('reads quotes, commas, line ends of Windows and a byte order mark', async () => {
    const cli = await commandLine();
    const content = [
      '\ufeffid, username,name,groups,email_verified,email,address,disabled',
      '1,a,"King, ""Ada""",it; staff ;,true,a@example.com,"{""country"": ""DE""}",',
      '2,b,漢字 🦉,,,,,true',
      '',
    ].join('\r\n');
    assert.deepEqual((await imported(cli, content, '--apply')).remarks.length, 2);
    const { json: ada } = await cli('user show a --json');
    assert.equal(ada.id, '1');
    assert.equal(ada.name, 'King, "Ada"');
    assert.deepEqual(ada.groups, ['it', 'staff']);
    assert.equal(ada.email_verified, true);
    assert.deepEqual(ada.address, { country: 'DE' });
    const { json: other } = await cli('user show b --json');
    assert.equal(other.name, '漢字 🦉');
    assert.equal(other.disabled, true);
  });

  it('names the line of what is wrong, and takes nobody whose right to sign in is in doubt', async () => {
    const cli = await commandLine();
    const content = [
      'username,email,disabled,password_hash,name',
      `a,nowhere,,${HASH},A`,
      `b,,yes,${HASH},B`,
      'c,,,md5:abc,C',
      `,,,${HASH},D`,
      `e,,,${HASH},"two\nlines"`,
      `a,,,${HASH},F`,
      `${'u'.repeat(256)},,,${HASH},G`,
    ].join('\n');
    const report = await imported(cli, content, '--apply');
    assert.deepEqual(report.people, { added: 2, there: 0, refused: 5 });
    const said = report.remarks
      .map(({ place, what }: Record<string, string>) => `${place} ${what}`)
      .join('\n');
    assert.match(said, /^line 2 is taken without email, which must be an e-mail address$/m);
    assert.match(said, /^line 3 cannot be taken: disabled must be true or false$/m);
    assert.match(said, /^line 4 cannot be taken: password_hash must be a hash like/m);
    assert.match(said, /^line 5 cannot be taken: username /m);
    assert.match(said, /^line 7 is taken without name, which has a control character/m);
    assert.match(said, /^line 8 is in the files more than once/m);
    assert.match(
      said,
      /^line 9 cannot be taken: id is left out, and cannot be the username, which has more/m,
    );
  });

  it('takes somebody whose username is not ASCII if the file has an id for them, which is', async () => {
    const cli = await commandLine();
    const content = `id,username,password_hash\n,josé,${HASH}\n7,山田,${HASH}\né,eva,${HASH}\n,Ada Lovelace,${HASH}\n`;
    const { people, remarks } = await imported(cli, content, '--apply');
    assert.deepEqual(people, { added: 2, there: 0, refused: 2 });
    assert.deepEqual(remarks, [
      {
        about: 'user josé',
        place: 'line 2',
        what: 'cannot be taken: id is left out, and cannot be the username, which has a character that is not ASCII: the person needs another id',
      },
      {
        about: 'user eva',
        place: 'line 4',
        what: 'cannot be taken: id has a character that is not ASCII: the person needs another id',
      },
    ]);
    assert.equal((await cli('user show 山田 --json')).json.id, '7');
    const show = await cli(['user', 'show', 'Ada Lovelace', '--json']);
    assert.equal(show.json.id, 'Ada Lovelace');
  });

  const wrong: [name: string, content: string | Buffer, message: RegExp][] = [
    ['an unknown field', 'username,emial\n', /has an unknown field: emial\. Did you mean email\?/],
    [
      'a field of nothing that is known',
      'username,zzzzzz\n',
      /zzzzzz\. The fields are id, username, /,
    ],
    ['a field twice', 'username,name,name\n', /has the field name twice/],
    ['no username', 'name,email\n', /has no field username/],
    ['a field without a name', 'username,name,\n', /a field without a name/],
    ['semicolons', 'username;name\na;A\n', /something other than commas/],
    ['nothing in it', '', /is empty/],
    [
      'a line with too few fields',
      'username,name\na,A\nb\n',
      /has more or fewer fields than its first line names \(line 3\)/,
    ],
    ['JSON in it', '{"users":[]}', /is JSON, and no file of comma-separated values/],
    [
      'a quote that is never closed',
      'username,name\na,"A\n',
      /has a quotation mark that is never closed \(line \d\)/,
    ],
    [
      'another encoding',
      Buffer.from('username,name\na,M\xfcller\n', 'latin1'),
      /not text in UTF-8/,
    ],
    ['the encoding of Windows', Buffer.from('\ufeffusername\na\n', 'utf16le'), /not text in UTF-8/],
  ];
  for (const [name, content, message] of wrong) {
    it(`refuses a file with ${name}`, async () => {
      const cli = await commandLine();
      const path = await fileWith(content);
      const { code, stdout, stderr } = await cli(['import', 'csv', path, '--apply']);
      assert.equal(code, 1);
      assert.equal(stdout, '');
      assert.ok(stderr.includes(`${path} `), stderr);
      assert.match(stderr, message);
    });
  }

  it('cites nothing of a line that cannot be read, and no password that is wrong', async () => {
    const cli = await commandLine();
    const quoted = await fileWith('username,password\na,hush-hush"x\n');
    const hash = await fileWith('username,password_hash\na,hush-hush\n');
    const long = await fileWith(`username,password\na,${'hush-hush'.repeat(500)}\n`);
    for (const [path, what] of [
      [quoted, /quotation mark that is out of place: .* \(line 2\)/],
      [hash, /password_hash/],
      [long, /password/],
    ] as const) {
      const { stdout, stderr } = await cli(['import', 'csv', path]);
      assert.match(stdout + stderr, what);
      assert.doesNotMatch(stdout + stderr, /hush/);
    }
  });

  it('refuses a file that is not there', async () => {
    const { code, stderr } = await (await commandLine())('import csv gone.csv');
    assert.equal(code, 1);
    assert.match(stderr, /gone\.csv cannot be read: there is no such file \(ENOENT\)/);
  });

  it('says what was added before a line that cannot be read, and goes on from there', async () => {
    const cli = await commandLine();
    const good = Array.from({ length: 600 }, (_, at) => `id${at},user${at},${HASH}`);
    const header = 'id,username,password_hash';
    const path = await fileWith([header, ...good, 'one,field,too,many'].join('\n'));
    const failed = await cli(['import', 'csv', path, '--apply', '--operator', 'ada'], {
      env: { LOG_LEVEL: 'info' },
    });
    assert.equal(failed.code, 1);
    assert.match(failed.stderr, /500 people were added before\. Run it again/);
    assert.match(failed.stderr, /"operator":"ada","command":"import csv"/);
    const again = await imported(cli, [header, ...good].join('\n'), '--apply');
    assert.deepEqual(again.people, { added: 100, there: 500, refused: 0 });
  });
});
