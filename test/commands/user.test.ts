import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Administered, administered } from '../helpers/administered.ts';
import { authorizeAs, getSecret } from '../helpers/flows.ts';
import { logIn } from '../helpers/http-person.ts';
import { SEED } from '../helpers/seeds.ts';

/** Whether somebody can sign in. */
const signsIn = async (server: Administered['server'], username: string, password: string) =>
  (await logIn(server, username, password)).status === 200;

describe('user', async () => {
  const { server, cli } = await administered();

  it('create registers somebody with a password that is typed twice, who can sign in at once', async () => {
    const { code, json, stderr } = await cli(
      [
        'user',
        'create',
        'carol',
        'name=Carol C.',
        'email=carol@example.com',
        'groups=it',
        '--json',
      ],
      { answers: ['correct horse', 'correct horse'] },
    );
    assert.equal(code, 0, stderr);
    assert.equal(json.username, 'carol');
    assert.notEqual(json.id, 'carol', 'whoever has the name later is somebody else');
    assert.deepEqual(json.groups, ['it']);
    assert.ok(await signsIn(server, 'carol', 'correct horse'));
  });

  it('create and set-password say if people could not choose the password themselves', async () => {
    const say = async (typed: string, input: string) => {
      const { code, stderr } = await cli(`${typed} --password-stdin`, { input });
      assert.equal(code, 0, stderr);
      return stderr;
    };
    const none = 'The password is set, but nobody could choose it at the account page';
    assert.match(await say('user create grace', 'short'), new RegExp(`${none}: .* 15 characters`));
    assert.match(await say('user set-password grace', 'gracegracegrace'), new RegExp(none));
    assert.doesNotMatch(
      await say('user set-password grace', 'a walk by the river'),
      /account page/,
    );
  });

  it('create takes a password from standard input, and none as an argument', async () => {
    const typed = ['user', 'create', 'dan', '--password-stdin', '--json'];
    assert.equal((await cli(typed, { input: 'from a pipe\n' })).code, 0);
    assert.ok(await signsIn(server, 'dan', 'from a pipe'));
    const { code, stderr } = await cli('user create eve password=secret-password');
    assert.equal(code, 2);
    assert.match(
      stderr,
      /^password is a secret, and others can see what is typed: give it on standard input, by --password-stdin\n/,
    );
    const noField = await cli('user create dan builder');
    assert.equal(noField.code, 2);
    assert.match(
      noField.stderr,
      /"builder" is no field=value\. An example: email=alice@example\.com\n$/,
    );
    const update = await cli('user update dan password_hash=$argon2');
    assert.equal(update.code, 2);
    assert.match(update.stderr, /: change it by user set-password\n$/);
  });

  it('create asks nobody where nobody is, and does nothing if the two are not the same', async () => {
    const nobody = await cli('user create eve');
    assert.equal(nobody.code, 2);
    assert.match(nobody.stderr, /--password-stdin/);
    const other = await cli('user create eve', { answers: ['one', 'another'] });
    assert.equal(other.code, 1);
    assert.match(other.stderr, /not the same. Nothing was done/);
    assert.equal((await cli('user show eve')).code, 1);
  });

  it('create --no-password registers somebody whom no password lets in', async () => {
    const typed = 'user create fay --name Fay --email fay@example.com --no-password --json';
    const { json, stderr } = await cli(typed);
    assert.deepEqual([json.name, json.email], ['Fay', 'fay@example.com']);
    assert.match(stderr, /They set one by: user reset-link fay\n$/);
    assert.equal((await cli(['user', 'show', json.id, '--json'])).json.has_password, false);
    assert.equal((await cli('user show alice --json')).json.has_password, true);
    assert.equal(await signsIn(server, 'fay', ''), false);
  });

  it('create takes no password for somebody who is to have none, and none that nobody can type', async () => {
    for (const option of ['--password-stdin', '--password-hash-stdin']) {
      const both = await cli(`user create eve --no-password ${option}`, { input: 'a b c d e f g' });
      assert.equal(both.code, 2);
      assert.match(both.stderr, /cannot be used with option '--no-password'/);
    }
    for (const [typed, input] of [
      ['user create eve --password-stdin', 'two\nlines\n'],
      ['user set-password dan --password-stdin', 'two\r\nlines'],
    ] as const) {
      const { code, stderr } = await cli(typed, { input });
      assert.equal(code, 1);
      assert.match(stderr, /password must not have a line break in it/);
    }
    assert.equal((await cli('user show eve')).code, 1);
  });

  it('create refuses a field that says something else than the argument or an option', async () => {
    for (const [typed, message] of [
      ['eve username=adam', /^username is given twice: as eve and as adam\n$/],
      ['eve name=Adam --name Eve', /^name is given twice/],
      ['eve email=a@b.example --email e@b.example', /^email is given twice/],
    ] as const) {
      const { code, stderr } = await cli(`user create ${typed} --no-password`);
      assert.equal(code, 2, stderr);
      assert.match(stderr, message);
    }
    assert.equal((await cli('user show adam')).code, 1);
  });

  it('create refuses a username that somebody has, and a field that is wrong', async () => {
    const taken = await cli('user create alice --no-password');
    assert.equal(taken.code, 1);
    assert.match(taken.stderr, /username is taken/);
    const wrong = await cli('user create gus email=nowhere --no-password');
    assert.equal(wrong.code, 1);
    assert.match(wrong.stderr, /email must be an e-mail address/);
    const stranger = await cli('user create gus emial=gus@example.com --no-password');
    assert.equal(stranger.code, 2);
    assert.match(stranger.stderr, /There is no field emial\. Did you mean email\?/);
  });

  it('create takes a username of any letters, and an id of ASCII', async () => {
    const made = await cli('user create josé --no-password --json');
    assert.equal(made.code, 0, made.stderr);
    assert.match(made.json.id, /^[\w-]{22}$/);
    const { code, stderr } = await cli('user create jose --no-password id=山田');
    assert.equal(code, 1);
    assert.match(stderr, /id has a character that is not ASCII: the person needs another id/);
    assert.equal((await cli('user delete josé --yes')).code, 0);
  });

  it('list has everybody in order, and filters by what is known of them', async () => {
    const { json } = await cli('user list --json');
    const ids = json.map(({ id }: { id: string }) => id);
    assert.deepEqual(ids, ids.toSorted());
    assert.ok(ids.includes('alice') && ids.includes('user-2'));
    const { json: found } = await cli('user list --search LIDDELL --json');
    assert.deepEqual(
      found.map(({ username }: { username: string }) => username),
      ['alice'],
    );
    const { stdout } = await cli('user list --search liddell');
    assert.match(stdout, /^alice +alice +Alice Liddell/m);
  });

  it('show finds by id and by username, and names the nearest if there is none', async () => {
    for (const named of ['user-2', 'bob']) {
      const { json } = await cli(`user show ${named} --json`);
      assert.equal(json.id, 'user-2');
      assert.equal(json.source, 'seed');
      assert.doesNotMatch(JSON.stringify(json), /argon2|pbkdf2/);
    }
    const { code, stderr } = await cli('user show alcie');
    assert.equal(code, 1);
    assert.match(stderr, /There is no user alcie\. Did you mean alice\?/);
  });

  it('update changes what is named, and leaves the rest', async () => {
    await cli('user create hal name=Hal email=hal@example.com --no-password');
    const { json } = await cli('user update hal email=hal@example.org groups=a groups=b --json');
    assert.equal(json.email, 'hal@example.org');
    assert.equal(json.name, 'Hal');
    assert.deepEqual(json.groups, ['a', 'b']);
    const { json: less } = await cli('user update hal groups= --json');
    assert.equal(less.groups, undefined);
    assert.equal((await cli('user update hal')).code, 2);
  });

  it('set-password lets in who knows the new one, and ends what the old one has opened', async () => {
    await cli('user create ivy --password-stdin', { input: 'the first one' });
    const flow = await authorizeAs(server, { login: ['ivy', 'the first one'] });
    const { access_token } = (await flow.exchange()).json;
    assert.equal((await getSecret(server, access_token)).status, 200);
    const { code } = await cli('user set-password ivy --password-stdin', { input: 'the second' });
    assert.equal(code, 0);
    assert.ok(await signsIn(server, 'ivy', 'the second'));
    assert.equal(await signsIn(server, 'ivy', 'the first one'), false);
  });

  it('disable ends tokens at the next request and keeps out, until enable', async () => {
    await cli('user create joe --password-stdin', { input: 'joes password' });
    const flow = await authorizeAs(server, { login: ['joe', 'joes password'] });
    const { access_token } = (await flow.exchange()).json;
    const { code, stdout } = await cli('user disable joe');
    assert.equal(code, 0);
    assert.match(stdout, /^The user joe can no longer sign in; /, 'it is named as it was typed');
    assert.equal((await getSecret(server, access_token)).status, 401);
    assert.equal(await signsIn(server, 'joe', 'joes password'), false);
    const { json } = await cli('user list --disabled --json');
    assert.deepEqual(
      json.map(({ username }: { username: string }) => username),
      ['joe'],
    );
    assert.equal((await cli('user enable joe')).code, 0);
    assert.ok(await signsIn(server, 'joe', 'joes password'));
    assert.equal((await getSecret(server, access_token)).status, 401, 'what has ended stays so');
  });

  it('delete asks, or wants --yes, and takes all that was theirs', async () => {
    await cli('user create kim --password-stdin', { input: 'kims password' });
    const flow = await authorizeAs(server, { login: ['kim', 'kims password'] });
    const { access_token } = (await flow.exchange()).json;
    assert.equal((await cli('user delete kim')).code, 1);
    assert.equal((await cli('user delete kim', { answers: ['n'] })).code, 1);
    assert.equal((await getSecret(server, access_token)).status, 200);
    assert.equal((await cli('user delete kim', { answers: ['y'] })).code, 0);
    assert.equal((await getSecret(server, access_token)).status, 401);
    assert.equal(await signsIn(server, 'kim', 'kims password'), false);
    assert.equal((await cli('user delete kim --yes')).code, 1);
  });

  it('tells who has done what, and nothing that is secret', async () => {
    const { stderr } = await cli('user create lea --password-stdin --operator ops', {
      input: 'leas password',
      env: { LOG_LEVEL: 'info' },
    });
    const line = JSON.parse(stderr.split('\n').find((one) => one.includes('command_run'))!);
    const { id } = (await cli('user show lea --json')).json;
    assert.deepEqual(
      [line.operator, line.command, line.subject, line.userId, line.fields],
      ['ops', 'user create', id, id, ['username', 'password']],
    );
    assert.doesNotMatch(stderr, /leas password/);
    const nobodys = await cli('user create nia --no-password', { env: { LOG_LEVEL: 'info' } });
    const without = nobodys.stderr.split('\n').find((one) => one.includes('command_run'))!;
    assert.deepEqual(JSON.parse(without).fields, ['username'], 'a hash that nobody gave');
  });
});

describe('a word that is the id of one user and the username of another', async () => {
  const { cli } = await administered(
    {},
    {
      ...SEED,
      users: [
        { id: 'maria', username: 'mia', password: 'a password of mia' },
        { id: '7', username: 'maria', password: 'a password of maria' },
      ],
    },
  );

  it('names neither, whatever is to be done, and nothing is', async () => {
    for (const [typed, input] of [
      ['user show maria'],
      ['user disable maria'],
      ['user update maria name=Other'],
      ['user reset-link maria'],
      ['user set-password maria --password-stdin', 'another password'],
      ['user delete maria --yes'],
      ['session end --user maria --yes'],
      ['session list --user maria'],
      ['grant list --user maria'],
    ] as const) {
      const { code, stdout, stderr } = await cli(typed, input === undefined ? {} : { input });
      assert.deepEqual(
        [code, stdout, stderr],
        [
          1,
          '',
          'There are two users whom maria could mean: it is the id of mia, and the username of the user with the id 7. Name them by id=maria or id=7.\n',
        ],
        typed,
      );
    }
    const { json } = await cli('user list --disabled --json');
    assert.deepEqual(json, []);
  });

  it('is made clear by id=', async () => {
    assert.equal((await cli('user show id=maria --json')).json.username, 'mia');
    assert.equal((await cli('user show id=7 --json')).json.username, 'maria');
    assert.equal((await cli('user disable id=7')).code, 0);
    assert.equal((await cli('user show mia --json')).json.disabled, undefined);
  });

  it('does not come about by a command', async () => {
    for (const [typed, said] of [
      ['user create 7 --no-password', '7 is the id of the user maria'],
      ['user create otto --no-password id=mia', 'mia is the username of the user maria'],
      ['user update mia username=7', '7 is the id of the user maria'],
    ] as const) {
      const { code, stderr } = await cli(typed);
      assert.equal(code, 1, typed);
      assert.ok(stderr.startsWith(said), stderr);
    }
    const own = await cli('user create otto --no-password id=otto');
    assert.equal(own.code, 0, own.stderr);
    assert.equal((await cli('user update otto username=anna')).code, 0);
    const back = await cli('user update anna username=otto');
    assert.equal(back.code, 0, 'somebody may have their own id as their username');
  });
});
