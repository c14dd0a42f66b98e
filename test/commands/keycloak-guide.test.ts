// docs/coming-from-keycloak.md: its commands, from the top to the bottom, and what it shows of an answer.

import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { commandLine } from '../helpers/commands.ts';
import { commandsOf, readBlocks } from '../helpers/document.ts';
import { keycloakClient, passwordOf, realm, someone } from '../helpers/keycloak.ts';
import { directory } from '../helpers/program.ts';

const PREFIX = 'npm run cli -- ';
const path = new URL('../../docs/coming-from-keycloak.md', import.meta.url);
const blocks = readBlocks(await readFile(path, 'utf8'));
const shown = blocks.find(({ content }) => content.includes('would be added'))!.content;

const acme = realm({
  clients: [
    keycloakClient('legacy', { protocol: 'saml' }),
    keycloakClient('agenda', {
      redirectUris: ['https://agenda.example/callback', 'https://agenda.example/*'],
      defaultClientScopes: ['profile', 'billing'],
    }),
    keycloakClient('jobs', { standardFlowEnabled: false, serviceAccountsEnabled: true }),
  ],
  clientScopes: [
    { name: 'billing', protocol: 'openid-connect', description: 'See your bills' },
    { name: 'profile', protocol: 'openid-connect' },
  ],
});
const people = [
  someone(1),
  someone(2),
  someone(3, {
    username: 'bob',
    credentials: [passwordOf('secret of bob', 'argon2'), { type: 'otp' }],
  }),
];

describe('docs/coming-from-keycloak.md', async () => {
  const cli = await commandLine();
  const files = {
    'acme-realm.json': acme,
    'acme-users-0.json': { realm: 'acme', users: people },
  };
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(directory, name), JSON.stringify(content));
  }
  const typed = blocks.filter(({ language }) => language === 'sh').flatMap(commandsOf);

  for (const line of typed) {
    it(`has a command that works: ${line}`, async () => {
      assert.ok(line.startsWith(PREFIX));
      const words = line.slice(PREFIX.length).split(' ');
      const args = words.map((word) => (word in files ? join(directory, word) : word));
      const { code, stdout, stderr } = await cli(args);
      // One client of the guide cannot be taken.
      assert.equal(code, words[0] === 'import' ? 4 : 0, stderr);
      if (words[0] === 'import' && !words.includes('--apply')) assert.equal(stdout, shown);
      if (words[0] === 'user') assert.match(stdout, /bob|http/);
    });
  }
});
