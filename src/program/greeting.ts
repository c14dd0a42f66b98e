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
  lines.push('', ...whoIsKnown(config, seed).map((line) => `  ${line}`));
  return `${lines.join('\n')}\n\n`;
}

/** Where clients and users come from. Those in the database are not counted, as there may be millions. */
function whoIsKnown({ seedFile, databaseUrl }: Config, { clients, users }: Seed): string[] {
  const hasDatabase = databaseUrl !== undefined;
  if (seedFile === undefined && hasDatabase) {
    return [
      'Clients and users are those in the database: see client list and user list',
      'Scopes besides those of OpenID Connect come from a seed file: set SEED_FILE',
    ];
  }
  const counts = `Clients: ${clients.length}, users: ${users.length}, from`;
  if (seedFile === undefined) return [`${counts} nowhere: set SEED_FILE`];
  return [
    `${counts} ${seedFile}${hasDatabase ? '; for all in the database see client list and user list' : ''}`,
  ];
}
