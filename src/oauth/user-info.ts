// OpenID Connect Core section 5.3.2: what an access token tells its client of the person.

import { insufficientScope, invalidToken, tokenForAnother } from '../errors.ts';
import { ID_TOKEN_TYPE } from '../protocol/id-token.ts';
import { type Claims, keyAlgorithm, signJwt } from '../protocol/jwt.ts';
import { isSameResource } from '../protocol/resource.ts';
import { subjectOf } from '../protocol/subject.ts';
import type { Store } from '../store/store.ts';
import type { Issuing } from './issuing.ts';
import type { Keys } from './keys.ts';
import type { KnownClaims } from './person-claims.ts';

interface Parts {
  readonly issuer: string;
  readonly store: Pick<Store, 'clients'>;
  readonly issuing: Pick<Issuing, 'findWithPerson'>;
  readonly keys: Keys;
  readonly personClaims: Pick<KnownClaims, 'of'>;
}

/** What is answered: claims, or a JWT of them if the client is registered for that. */
type UserInfo = { readonly claims: Claims } | { readonly jwt: string };

/**
 * Makes a function that finds out what an access token, as it was presented, tells of its person. It throws
 * OAuthError `invalid_token` or `insufficient_scope`, and HostError if the app cannot say what it knows.
 */
export function createUserInfo({ issuer, store, issuing, keys, personClaims }: Parts) {
  return async (value: string): Promise<UserInfo> => {
    const found = await issuing.findWithPerson(value);
    if (found === undefined) throw invalidToken();
    const { token, grant, user } = found;
    const { clientId, scope, audience, claims: added } = token;
    if (!audience.some((name) => isSameResource(name, issuer))) throw tokenForAnother(true);
    if (grant === undefined || !scope.includes('openid')) throw insufficientScope();
    const client = await store.clients.find(clientId);
    // The client was removed a moment ago, and its tokens with it.
    if (client === undefined) throw invalidToken();
    const claims = {
      ...(await personClaims.of(grant, scope, 'userinfo', client, user)),
      ...(added !== undefined && JSON.parse(added)),
      sub: subjectOf(grant),
    };
    const alg = client.userinfoSignedResponseAlg;
    if (alg === undefined) return { claims };
    const key = await keys.of(keyAlgorithm(alg));
    return { jwt: signJwt(key, ID_TOKEN_TYPE, { ...claims, iss: issuer, aud: clientId }, alg) };
  };
}
