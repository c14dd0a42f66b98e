// What npm start prints once the server is running.

import { demoAuthorizeUrl, demoCommands } from '../demo/callback.ts';
import { demoOf } from '../demo/demo.ts';
import { playgroundUrl } from '../demo/playground.ts';
import { PATHS } from '../http/paths.ts';
import { translate } from '../pages/language.ts';
import { troubleshooting } from '../pages/troubleshooting.ts';
import type { Config } from './config.ts';
import type { Seed } from './seed.ts';

/** What a person who has just started the server wants to know. */
export function greeting(config: Config, seed: Seed): string {
  const { issuer } = config;
  const lines = [
    `The authorization server is running at ${issuer}`,
    '',
    `  Home         ${issuer}/`,
    `  Authorize    ${issuer}${PATHS.authorize}`,
    `  Token        ${issuer}${PATHS.token}`,
    `  Protected    ${issuer}/secret`,
  ];
  if (!config.demo) {
    lines.push(
      '',
      `  Clients: ${seed.clients.length}, users: ${seed.users.length}, from ${config.seedFile ?? 'nowhere: set SEED_FILE'}`,
    );
    return `${lines.join('\n')}\n\n`;
  }
  const demo = demoOf(seed);
  const playground = playgroundUrl(issuer, demo);
  if (playground !== undefined) lines.push(`  Playground   ${playground}`);
  lines.push('', 'Demo clients and user (demo mode: for trying out, never for production):', '');
  for (const { id, secret } of demo.clients) {
    lines.push(
      `  client       ${id}${secret === undefined ? ' (public, no secret)' : ` with secret ${secret}`}`,
    );
  }
  for (const { username, password } of demo.users) {
    lines.push(`  user         ${username} with password ${password}`);
  }
  lines.push('');
  for (const { title, command } of demoCommands(issuer, demo, translate('en')))
    lines.push(`${title}:`, '', `  ${command}`, '');
  lines.push('Sign in as a person, in a browser:', '', `  ${demoAuthorizeUrl(issuer, demo)}`, '');
  lines.push(`When something does not work: ${troubleshooting.url ?? troubleshooting.name}`);
  return `\n${lines.join('\n')}\n\n`;
}
