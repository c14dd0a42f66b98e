// express-authorization-server token ...: shows a token, and ends it.

import type { Command } from 'commander';
import { looksLikeJwt } from '../protocol/jwt.ts';
import { sha256 } from '../protocol/secrets.ts';
import type { Grant } from '../types.ts';
import { type Changed, ofClient } from './changing.ts';
import { missingClient, showClient } from './client-records.ts';
import { assertMeant, YES } from './confirm.ts';
import { CommandError } from './errors.ts';
import { examples } from './help.ts';
import { atDatabase, type Operator, type Workplace } from './operator.ts';
import { type Format, writeDone, writeRecord } from './output.ts';

/** How often it begins anew because somebody else has changed the client. */
const ATTEMPTS = 5;

/** What is known of a token, or of a code. */
interface Known {
  readonly kind: 'access token' | 'refresh token' | 'authorization code';
  /** A redeemed code gives no tokens any more, but revoking it still ends what was issued for it. */
  readonly isActive?: boolean;
  readonly shown: {
    readonly user?: string | undefined;
    readonly client_id: string;
    readonly grant?: string | undefined;
    readonly [more: string]: unknown;
  };
  /** @returns whether there was something to end */
  readonly end: () => Promise<boolean>;
}

export function tokenCommands(program: Command, operator: Operator): void {
  const { terminal } = operator;
  const token = program
    .command('token')
    .description(
      'show whether a token is active and what it allows; it is read from standard input, never from an argument',
    );

  examples(
    token
      .command('inspect')
      .description('show what the server knows of an access token, a refresh token or a code'),
    'token inspect < token.txt',
  ).action((options: Format) =>
    atDatabase(operator, async (workplace) => {
      const given = await readToken(operator);
      const known = await lookUp(workplace, given);
      if (known === undefined) {
        return writeRecord(terminal, { active: false, ...jwtOf(given) }, options);
      }
      const { isActive = true, kind, shown } = known;
      const { user, ...rest } = shown;
      const username = user && (await workplace.store.users.find(user))?.username;
      const record = { active: isActive, kind, user, username, ...rest, ...jwtOf(given) };
      await writeRecord(terminal, record, options);
    }),
  );

  examples(
    token
      .command('revoke')
      .description('end a token; with a refresh token or a code, end its whole grant')
      .option('--client <id>', 'all that a client has for itself, without a person; reads no token')
      .option(...YES),
    'token revoke < token.txt',
    'token revoke --client nightly --yes',
  ).action((options: Format & { client?: string; yes?: boolean }) =>
    atDatabase(operator, async (workplace) => {
      if (options.client !== undefined) {
        return endOwnTokens(operator, workplace, options.client, options);
      }
      const known = await lookUp(workplace, await readToken(operator));
      const isEnded =
        known !== undefined && (await workplace.changing(changedBy(known), known.end));
      if (!isEnded) throw new CommandError('There is no such token in force.');
      await writeDone(terminal, `The ${known.kind} has ended.`, { revoked: true }, options);
    }),
  );
}

function changedBy({ shown: { user, client_id: clientId, grant } }: Known): Changed {
  return {
    ...(grant !== undefined && { subject: grant }),
    ...(user !== undefined && { userId: user }),
    clientId,
  };
}

/** A JWT is kept nowhere, so what has ended is known by its age. */
async function endOwnTokens(
  operator: Operator,
  { store, changing }: Workplace,
  id: string,
  options: Format & { yes?: boolean },
): Promise<void> {
  await showClient(store, id);
  await assertMeant(operator, `End all tokens that ${id} has for itself?`, options);
  const end = async () => {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const client = await store.clients.find(id);
      if (client === undefined) return false;
      const ended = { ...client, ownTokensEndedAt: Date.now() };
      if (await store.clients.change(client, ended)) return true;
    }
    throw new CommandError(`The client ${id} is changed by others at the same time.`);
  };
  if (!(await changing(ofClient(id), end))) throw await missingClient(store, id);
  await writeDone(
    operator.terminal,
    `All tokens that ${id} had for itself have ended, wherever this server is asked. What people have allowed it goes on; to end that: grant revoke --client ${id}`,
    { client_id: id, revoked: true },
    options,
  );
}

async function readToken({ terminal }: Operator): Promise<string> {
  const given = terminal.isInteractive
    ? await terminal.askSecret('Token')
    : (await terminal.readInput()).trim();
  if (given !== '') return given;
  throw new CommandError('There is no token on standard input.');
}

async function lookUp(workplace: Workplace, given: string): Promise<Known | undefined> {
  const { store, context } = workplace;
  const { issuing } = context.oauth;
  const now = Date.now();
  const ofGrant = (grant: Grant) => ({
    user: grant.userId,
    client_id: grant.clientId,
    grant: grant.id,
  });

  const refresh = await issuing.refreshTokens.find(given);
  if (refresh !== undefined) {
    const { token, grant, isUsed } = refresh;
    return {
      kind: 'refresh token',
      shown: {
        ...ofGrant(grant),
        scope: token.scope,
        // The one before is good for a retry, and ends the family after that.
        is_rotated: isUsed,
        expires_at: new Date(token.expiresAt),
      },
      end: () => store.grants.end(grant.id),
    };
  }

  const code = await store.codes.find(sha256(given), now);
  if (code !== undefined) {
    return {
      kind: 'authorization code',
      isActive: code.code.redeemedAt === undefined,
      shown: {
        ...ofGrant(code.grant),
        scope: code.code.scope,
        is_redeemed: code.code.redeemedAt !== undefined,
        expires_at: new Date(code.code.expiresAt),
      },
      end: () => store.grants.end(code.grant.id),
    };
  }

  const access = await issuing.findAccessToken(given);
  if (access === undefined) return undefined;
  return {
    kind: 'access token',
    shown: {
      user: access.userId,
      client_id: access.clientId,
      grant: access.grantId,
      scope: access.scope,
      audience: access.audience,
      issued_at: new Date(access.issuedAt),
      expires_at: new Date(access.expiresAt),
    },
    end: async () => {
      await store.accessTokens.revoke(access.hash, access.expiresAt);
      return true;
    },
  };
}

/** What a JWT says itself, be it right or not. */
function jwtOf(given: string): object {
  if (!looksLikeJwt(given)) return {};
  const [header, claims] = given.split('.').map((part) => {
    try {
      return JSON.parse(Buffer.from(part, 'base64url').toString());
    } catch {
      return undefined;
    }
  });
  return { header, claims };
}
