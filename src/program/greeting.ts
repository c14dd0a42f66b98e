// What npm start prints once the server is running.

import { PATHS } from '../http/paths.ts';
import type { Config } from './config.ts';
import type { Seed } from './seed.ts';

/** What a person who has just started the server wants to know. */
export async function greeting(config: Config, seed: Seed): Promise<string> {
  const { issuer } = config;
  const lines = [
    `The authorization server is running at ${issuer}`,
    '',
    `  Home         ${issuer}/`,
    `  Authorize    ${issuer}${PATHS.authorize}`,
    `  Token        ${issuer}${PATHS.token}`,
    `  Protected    ${issuer}/secret`,
  ];
  if (config.demo) {
    const { demoGreeting } = await import('../demo/greeting.ts');
    return `\n${[...lines, ...demoGreeting(issuer, seed)].join('\n')}\n\n`;
  }
  lines.push(
    '',
    `  Clients: ${seed.clients.length}, users: ${seed.users.length}, from ${config.seedFile ?? 'nowhere: set SEED_FILE'}`,
  );
  return `${lines.join('\n')}\n\n`;
}
