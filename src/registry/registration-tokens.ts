// RFC 7591 section 1.2: initial access tokens, by which somebody here lets others register clients.

import { type ClientEntry, partProblems } from '../clients/metadata.ts';
import { tooManyAttempts } from '../errors.ts';
import { boundsProblem, LIFETIME, REGISTRATION_USES } from '../protocol/bounds.ts';
import { assertOptions, isPlainObject } from '../protocol/checks.ts';
import { randomToken, sha256 } from '../protocol/secrets.ts';
import type { Store } from '../store/store.ts';
import type { JsonObject } from '../types.ts';
import { Refusal, refusal } from './refusal.ts';

/**
 * What somebody here decides for clients that are registered by a token, whatever they say themselves.
 */
export type DecidedMetadata = Partial<
  Omit<ClientEntry, 'client_id' | 'client_secret' | 'client_secret_hash'>
>;

export interface NewRegistrationToken {
  /** How many clients can be registered by it; one if it is left out. */
  readonly uses?: number;
  /** Seconds that it lasts; a day if it is left out. */
  readonly ttl?: number;
  /** Metadata that override what the clients say, including what no client can say for itself. */
  readonly metadata?: DecidedMetadata;
}

export interface RegistrationTokens {
  /**
   * Makes an initial access token.
   *
   * @returns the token, which nobody can look up again
   * @throws TypeError that says what is wrong with the options
   */
  create(options?: NewRegistrationToken): Promise<string>;
}

/** Initial access tokens for a registration: it finds one, and uses it. */
export interface KeptRegistrationTokens extends RegistrationTokens {
  /** What was decided for the clients of a token; `undefined` if there is no such token in force. */
  find(token: string): Promise<DecidedMetadata | undefined>;
  /**
   * Uses a token once. Of any number of callers, exactly as many get true as it has uses.
   *
   * @throws OAuthError with status 429 if too many use it at this moment
   */
  use(token: string): Promise<boolean>;
}

/** The kind of their tickets. */
export const INITIAL_ACCESS_TOKEN = 'initial_access_token';

const DAY = 24 * 3600;

/** How often a use is tried again because another caller was faster. */
const ATTEMPTS = 200;

const CHECKS = {
  uses: (value: unknown) => boundsProblem(value, REGISTRATION_USES),
  ttl: (value: unknown) => boundsProblem(value, LIFETIME),
  metadata: (value: unknown) => (isPlainObject(value) ? undefined : 'is not an object'),
};

/** @param isOn whether there is an endpoint for them */
export function registrationTokens(
  { tickets }: Pick<Store, 'tickets'>,
  isOn: boolean,
): KeptRegistrationTokens {
  const find = (token: string) => tickets.find(INITIAL_ACCESS_TOKEN, sha256(token), Date.now());
  return {
    async create(options = {}) {
      if (!isOn) {
        throw new Refusal(
          'registrationTokens.create() needs the option registration to be token or open: it is off.',
        );
      }
      assertOptions('registrationTokens.create()', CHECKS, options);
      const { uses = 1, ttl = DAY, metadata = {} } = options;
      assertMetadata(metadata);
      const token = randomToken();
      const now = Date.now();
      const payload: JsonObject = { uses, metadata: metadata as JsonObject };
      await tickets.create(
        { kind: INITIAL_ACCESS_TOKEN, hash: sha256(token), payload, expiresAt: now + ttl * 1000 },
        now,
      );
      return token;
    },

    async find(token) {
      return (await find(token))?.payload['metadata'] as DecidedMetadata | undefined;
    },

    async use(token) {
      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        const ticket = await find(token);
        if (ticket === undefined) return false;
        const left = Number(ticket.payload['uses']) - 1;
        const payload = { ...ticket.payload, uses: left };
        const isUsed =
          left > 0
            ? await tickets.change(ticket, { ...ticket, payload }, Date.now())
            : (await tickets.take(INITIAL_ACCESS_TOKEN, ticket.hash, Date.now())) !== undefined;
        if (isUsed) return true;
      }
      throw tooManyAttempts(1);
    },
  };
}

/** @throws TypeError with a line for each problem */
function assertMetadata(metadata: DecidedMetadata): void {
  if (Object.keys(metadata).length === 0) return;
  const problems = partProblems(metadata);
  if (problems.length > 0)
    throw refusal('The metadata of a registration token are wrong', problems);
}
