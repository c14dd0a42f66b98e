// Clients that register themselves (RFC 7591, OpenID Connect Dynamic Client Registration), and manage
// their registration (RFC 7592). Nobody here vouches for them, unless somebody gave them a token.

import { informationOf } from '../clients/client-information.ts';
import { toSelfMadeClient } from '../clients/client-record.ts';
import type { ClientMetadata } from '../clients/metadata.ts';
import type { ClientRules } from '../clients/metadata-rules.ts';
import { isPresent, readSelfMadeMetadata } from '../clients/self-made-metadata.ts';
import type { SelfMadeRules } from '../clients/self-made-rules.ts';
import { OAuthError, tooManyAttempts } from '../errors.ts';
import { isPlainObject } from '../protocol/checks.ts';
import { notedOf } from '../protocol/client.ts';
import { randomId, randomToken, sha256 } from '../protocol/secrets.ts';
import type { Client, JsonObject } from '../types.ts';
import { ATTEMPTS, movesSector, type RegistryOptions } from './client-registry.ts';
import {
  endsAnother,
  firstToken,
  inForce,
  isAmong,
  type KeptTokens,
  succession,
} from './registration-access-tokens.ts';
import { answerOf, metadataRefusal, type SelfRegistered } from './registration-answers.ts';
import type { DecidedMetadata } from './registration-tokens.ts';
import { asksElsewhere, assertOwn, decidedFor, keptSecret } from './replaced-registration.ts';

export interface SelfRegistration {
  /**
   * Registers a client.
   *
   * @param plain its metadata, as they came
   * @param decided what was decided for it by whoever gave it a token; `undefined` if nobody did
   * @param admit is called when nothing is wrong with the metadata, and throws if there may be no more. For a
   *   client that nobody gave a token it is called before the document of its sector is fetched
   * @throws OAuthError `invalid_redirect_uri`, `invalid_client_metadata` or
   *   `unapproved_software_statement`, with all that is wrong
   */
  register(
    plain: unknown,
    decided: DecidedMetadata | undefined,
    admit: () => Promise<void>,
  ): Promise<SelfRegistered>;
  /**
   * A client as it is registered.
   *
   * @param token by which it manages its registration
   * @returns `undefined`, here and below, if that is not a token of a client with the id
   */
  find(id: string, token: string): Promise<SelfRegistered | undefined>;
  /**
   * Replaces a client's metadata. It gets another token, and may go on with this one until it has used the
   * other.
   *
   * @param admit is called if the server is to ask at another URL, and throws if it may not
   * @throws OAuthError as `register` does, and with status 429 if many replace them at this moment
   */
  replace(
    id: string,
    token: string,
    plain: unknown,
    admit: () => Promise<void>,
  ): Promise<SelfRegistered | undefined>;
  /** Removes a client, and with it all that people have allowed it, and every code and token. */
  remove(id: string, token: string): Promise<true | undefined>;
}

interface Options extends Omit<RegistryOptions, 'by' | 'declared'> {
  /** The rules for clients that nobody vouches for. */
  readonly selfMadeRules: ClientRules;
  /** Whether anybody may register a client. */
  readonly isOpen: boolean;
}

/** A client, and what is kept of its tokens. */
interface Managed {
  readonly client: Client;
  readonly kept: KeptTokens;
}

export function selfRegistration({
  store,
  secret,
  rules,
  selfMadeRules,
  isOpen,
  sectors,
  prepareKeys,
}: Options): SelfRegistration {
  const tokens = succession(secret);

  /** @throws OAuthError with all that is wrong */
  function recordOf(plain: unknown, selfMadeRules: SelfMadeRules) {
    if (isPlainObject(plain) && isPresent(plain['software_statement'])) {
      throw new OAuthError(
        'unapproved_software_statement',
        'This server trusts nobody who signs software statements: leave software_statement out, and send the metadata themselves.',
      );
    }
    const { value, problems } = readSelfMadeMetadata(plain, selfMadeRules, 'registration');
    if (value === undefined) throw metadataRefusal(problems);
    const record = toSelfMadeClient(value as ClientMetadata, selfMadeRules, secret);
    return { ...record, source: 'registration' } as const;
  }

  /** @throws OAuthError `invalid_client_metadata` if the document of its sector does not list the client */
  async function assertSector(client: Client): Promise<void> {
    try {
      await sectors.look(client);
    } catch (error) {
      if (error instanceof OAuthError) throw error;
      // Without the reason: whoever asks may be anybody, and learns nothing of our network.
      const problem = 'cannot be read, or does not list all redirect_uris';
      throw metadataRefusal([{ field: 'sector_identifier_uri', problem }]);
    }
  }

  /** The client with an id and a token, which from now on has no older one. */
  async function authenticated(id: string, token: string): Promise<Managed | undefined> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const client = await store.clients.find(id);
      const kept = client?.registrationAccessTokens;
      if (client === undefined || kept === undefined || !isAmong(kept, token)) return undefined;
      if (!endsAnother(kept, token)) return { client, kept };
      const alone = inForce(token);
      const changed = { ...client, registrationAccessTokens: alone };
      if (await store.clients.change(client, changed)) return { client: changed, kept: alone };
    }
    throw tooManyAttempts(1);
  }

  return {
    async register(plain, decided, admit) {
      const sent = Object(plain);
      const own = ['client_id', 'client_secret'].filter((name) => isPresent(sent[name]));
      if (own.length > 0) {
        throw metadataRefusal(
          own.map((field) => ({ field, problem: 'is for this server to choose: leave it out' })),
        );
      }
      const id = randomId();
      const { token, kept } = firstToken();
      const made = randomToken();
      const client: Client = {
        ...recordOf(plain, {
          ...(decided === undefined ? selfMadeRules : rules),
          clientId: id,
          decided,
          secretFor: () => ({ client_secret: made }),
        }),
        registeredAt: Date.now(),
        registrationAccessTokens: kept,
        decided: decided as JsonObject | undefined,
      };
      // Nothing is fetched for a stranger who was not counted, and no use of a token is lost by a mistake.
      if (decided === undefined) await admit();
      await assertSector(client);
      if (decided !== undefined) await admit();
      await prepareKeys([informationOf(client)]);
      // Nobody else has the id, which is random.
      await store.clients.add(client);
      return answerOf(client, token, client.secretHashes.length > 0 ? made : undefined);
    },

    async find(id, token) {
      const found = await authenticated(id, token);
      return found && answerOf(found.client, tokens.newest(found.kept, token));
    },

    async replace(id, token, plain, admit) {
      let isAdmitted = false;
      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        const found = await authenticated(id, token);
        if (found === undefined) return undefined;
        const { client } = found;
        assertOwn(client, plain);
        const { successor, kept } = tokens.follow(found.kept, token);
        const made = randomToken();
        const changed: Client = {
          ...recordOf(plain, {
            ...rulesFor(client),
            clientId: id,
            decided: decidedFor(client),
            secretFor: (method) => keptSecret(client, method, secret) ?? { client_secret: made },
          }),
          ...notedOf(client),
          registrationAccessTokens: kept,
          decided: client.decided,
        };
        if (!isAdmitted && asksElsewhere(client, changed)) {
          await admit();
          isAdmitted = true;
        }
        if (movesSector(client, changed)) await assertSector(changed);
        await prepareKeys([informationOf(changed)]);
        if (!(await store.clients.change(client, changed))) continue;
        const isNew = changed.secretHashes.includes(sha256(made));
        const sent = changed.secretHashes.length > 0 ? Object(plain).client_secret : undefined;
        const told = isPresent(sent) ? sent : undefined;
        return answerOf(changed, successor, isNew ? made : told);
      }
      throw tooManyAttempts(1);
    },

    async remove(id, token) {
      const found = await authenticated(id, token);
      return found && (await store.clients.remove(id)) ? true : undefined;
    },
  };

  /** A client may keep what it has, and get what it would get if it registered again. */
  function rulesFor({ grants, scope }: Client): ClientRules {
    return {
      ...selfMadeRules,
      grantTypes: [...new Set([...selfMadeRules.grantTypes, ...grants])],
      scopes: [...new Set([...(isOpen ? selfMadeRules.scopes : []), ...scope])],
    };
  }
}
