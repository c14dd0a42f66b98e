// What npm start prints of the demo.

import { translate } from '../pages/translate.ts';
import { troubleshooting } from '../pages/troubleshooting.ts';
import type { Seed } from '../program/seed.ts';
import { demoOf, guideOf } from './demo.ts';

/** The lines that a newcomer reads: who can sign in, and what to try. */
export function demoGreeting(issuer: string, seed: Seed): string[] {
  const { clients, users, commands, tryUrl, playgroundUrl } = guideOf(
    issuer,
    demoOf(seed),
    translate('en'),
  );
  const lines: string[] = [];
  if (playgroundUrl !== undefined) lines.push(`  Playground   ${playgroundUrl}`);
  lines.push('', 'Demo clients and user (demo mode: for trying out, never for production):', '');
  for (const { id, secret, redirectUris } of clients) {
    lines.push(
      `  client       ${id}${secret === undefined ? ' (public, no secret)' : ` with secret ${secret}`}`,
    );
    const [uri] = redirectUris;
    if (uri !== undefined) lines.push(`               returns to ${uri}, on any port`);
  }
  for (const { username, password } of users) {
    lines.push(`  user         ${username} with password ${password}`);
  }
  lines.push('');
  for (const { title, command } of commands) lines.push(`${title}:`, '', `  ${command}`, '');
  lines.push('Sign in as a person, in a browser:', '', `  ${tryUrl}`, '');
  lines.push(`When something does not work: ${troubleshooting.url ?? troubleshooting.name}`);
  return lines;
}
