// A client of Keycloak, in the words of RFC 7591.

import { DEVICE_CODE } from '../oauth/device-codes.ts';
import { isPlainObject } from '../protocol/checks.ts';
import { algorithmsOf } from '../protocol/client.ts';
import { idTokenAlgorithms } from '../protocol/jwt.ts';
import type { BroughtClient, Remark } from './brought.ts';
import { absolute, afterLogout, urisOf } from './keycloak-urls.ts';
import { listOf, type Plain, textOf, textsOf } from './plain.ts';

/** What Keycloak puts in the place of a secret in a file that is not to have any. */
const MASKED = /^\*+$/;

/** Grants there that are none here: OAuth 2.1 has dropped them. */
const DROPPED = {
  implicitFlowEnabled:
    'used the implicit flow, which this server does not have: it has to use codes',
  directAccessGrantsEnabled:
    'could ask people for their passwords itself, which no client may do here',
} as const;

/**
 * Reads a client.
 *
 * @param knows whether a scope is one of this server's, or of the realm's own
 * @param remarks gets what is not taken
 * @returns none if it cannot be a client here
 */
export function readClient(
  client: Plain,
  knows: (scope: string) => boolean,
  remarks: Remark[],
): BroughtClient[] {
  const id = textOf(client, 'clientId');
  if (id === undefined) return [];
  const about = `client ${id}`;
  const remark = (what: string) => void remarks.push({ about, what });
  const attributes = isPlainObject(client['attributes']) ? client['attributes'] : {};
  const kept = whyNot(client);
  if (kept !== undefined) {
    remark(kept);
    return [];
  }
  const grants = grantsOf(client, attributes);
  for (const [flag, what] of Object.entries(DROPPED)) {
    if (client[flag] === true && (flag !== 'implicitFlowEnabled' || grants.length > 0))
      remark(what);
  }
  if (grants.length === 0) {
    remark('is left without a way to get tokens, and is not taken');
    return [];
  }
  const authentication = authenticationOf(client, attributes);
  if (typeof authentication === 'string') {
    remark(authentication);
    return [];
  }
  for (const what of elsewhere(client, attributes)) remark(what);
  const signedWith = <Name extends string>(name: string, known: readonly Name[]) =>
    algorithmOf(attributes, name, known, remark);
  const algorithms = algorithmsOf(authentication.token_endpoint_auth_method);
  const isPublic = client['publicClient'] === true;
  const hasPkce = attributes['pkce.code.challenge.method'] === 'S256';
  const isCode = grants.includes('authorization_code');
  if (isCode && isPublic && !hasPkce) remark('has to use PKCE here');
  if (isCode && !isPublic && !hasPkce) {
    remark('may go without PKCE, as it could there: set require_pkce=true once it can do it');
  }
  const redirectUris = isCode ? urisOf(client, textsOf(client, 'redirectUris'), remark) : [];
  return [
    withoutAbsent({
      client_id: id,
      client_name: plainText(textOf(client, 'name')),
      client_uri: absolute(client, textOf(client, 'baseUrl') ?? textOf(client, 'rootUrl')),
      grant_types: grants,
      redirect_uris: redirectUris,
      ...authentication,
      token_endpoint_auth_signing_alg:
        algorithms && signedWith('token.endpoint.auth.signing.alg', algorithms),
      scope: scopeOf(client, grants, knows, remark),
      require_pkce: isCode && !isPublic && !hasPkce ? false : undefined,
      post_logout_redirect_uris: afterLogout(client, attributes, redirectUris, remark),
      backchannel_logout_uri: textOf(attributes, 'backchannel.logout.url'),
      backchannel_logout_session_required: flagOf(
        attributes,
        'backchannel.logout.session.required',
        'backchannel.logout.url',
      ),
      frontchannel_logout_uri:
        client['frontchannelLogout'] === true
          ? textOf(attributes, 'frontchannel.logout.url')
          : undefined,
      frontchannel_logout_session_required: wantsSession(client, attributes) ? true : undefined,
      access_token_ttl: secondsOf(attributes, 'access.token.lifespan'),
      id_token_signed_response_alg: signedWith('id.token.signed.response.alg', idTokenAlgorithms),
      userinfo_signed_response_alg: signedWith(
        'user.info.response.signature.alg',
        idTokenAlgorithms,
      ),
      policy_uri: textOf(attributes, 'policyUri'),
      tos_uri: textOf(attributes, 'tosUri'),
      logo_uri: textOf(attributes, 'logoUri'),
    }) as BroughtClient,
  ];
}

/** What a client was asked for there in addition. */
const STRICTER: Readonly<Record<string, string>> = {
  'require.pushed.authorization.requests': 'has to push its requests there, and need not here',
  'dpop.bound.access.tokens': 'has tokens there that are bound to its key (DPoP)',
  'tls.client.certificate.bound.access.tokens':
    'has tokens there that are bound to its certificate',
};

/** What a client has there, and none has here. */
function* elsewhere(client: Plain, attributes: Plain): Generator<string> {
  const mappers = listOf(client, 'protocolMappers');
  if (mappers.some(({ protocolMapper }) => /pairwise/.test(String(protocolMapper)))) {
    yield 'knows people by a subject of its own there (pairwise), and gets their ids here: its accounts have to be moved';
  } else if (mappers.length > 0) {
    yield 'has mappers of its own: the claims of its tokens are those of this server';
  }
  for (const [name, what] of Object.entries(STRICTER)) if (attributes[name] === 'true') yield what;
  if (textOf(attributes, 'id.token.encrypted.response.alg') !== undefined) {
    yield 'gets encrypted ID tokens there, and signed ones here';
  }
}

/** There, this is so unless a client says otherwise. */
function wantsSession(client: Plain, attributes: Plain): boolean {
  const hasUrl = textOf(attributes, 'frontchannel.logout.url') !== undefined;
  const isWanted = attributes['frontchannel.logout.session.required'] !== 'false';
  return client['frontchannelLogout'] === true && hasUrl && isWanted;
}

/** Why a client is not taken at all. */
function whyNot(client: Plain): string | undefined {
  const protocol = textOf(client, 'protocol') ?? 'openid-connect';
  if (protocol !== 'openid-connect') return `speaks ${protocol}, and not OpenID Connect`;
  if (client['enabled'] === false) return 'is disabled there, and is not taken';
  if (client['bearerOnly'] === true) {
    return 'only receives tokens (bearer-only): a resource server needs no client here to verify them';
  }
  return undefined;
}

function grantsOf(client: Plain, attributes: Plain): string[] {
  const isCode = client['standardFlowEnabled'] !== false;
  const isDevice = attributes['oauth2.device.authorization.grant.enabled'] === 'true';
  const refreshes = (isCode || isDevice) && attributes['use.refresh.tokens'] !== 'false';
  return [
    ...(isCode ? ['authorization_code'] : []),
    ...(isDevice ? [DEVICE_CODE] : []),
    ...(refreshes ? ['refresh_token'] : []),
    ...(client['serviceAccountsEnabled'] === true ? ['client_credentials'] : []),
  ];
}

/** How it authenticates, or why it cannot. */
function authenticationOf(client: Plain, attributes: Plain): Partial<BroughtClient> | string {
  if (client['publicClient'] === true) return { token_endpoint_auth_method: 'none' };
  const type = textOf(client, 'clientAuthenticatorType') ?? 'client-secret';
  if (type === 'client-jwt') return keysOf(attributes);
  if (type !== 'client-secret' && type !== 'client-secret-jwt') {
    return `authenticates by ${type}, which there is none of here`;
  }
  const secret = textOf(client, 'secret');
  if (secret === undefined || MASKED.test(secret)) {
    return 'has no secret in the file: export the realm with its secrets (kc.sh export, and not a partial export)';
  }
  return {
    client_secret: secret,
    ...(type === 'client-secret-jwt' && { token_endpoint_auth_method: 'client_secret_jwt' }),
  };
}

function keysOf(attributes: Plain): Partial<BroughtClient> | string {
  const method = 'private_key_jwt';
  const url = textOf(attributes, 'jwks.url');
  if (attributes['use.jwks.url'] === 'true' && url !== undefined) {
    return { token_endpoint_auth_method: method, jwks_uri: url };
  }
  try {
    const jwks = JSON.parse(textOf(attributes, 'jwks.string') ?? '');
    if (isPlainObject(jwks)) return { token_endpoint_auth_method: method, jwks: jwks as never };
  } catch {
    // Said below.
  }
  return 'signs with a key of which the file has at most a certificate: give it jwks or jwks_uri';
}

function scopeOf(
  client: Plain,
  grants: readonly string[],
  knows: (scope: string) => boolean,
  remark: (what: string) => void,
): string {
  const named = [
    ...textsOf(client, 'defaultClientScopes'),
    ...textsOf(client, 'optionalClientScopes'),
  ];
  const known = named.filter(knows);
  const isOfPeople = grants.some((grant) => grant !== 'client_credentials');
  const words = [...new Set([...(isOfPeople ? ['openid'] : []), ...known])];
  if (!grants.includes('refresh_token') && words.includes('offline_access')) {
    if (isOfPeople) remark('has offline_access and no refresh tokens, so it goes without');
    words.splice(words.indexOf('offline_access'), 1);
  }
  return words.join(' ');
}

function flagOf(attributes: Plain, name: string, beside: string): boolean | undefined {
  return textOf(attributes, beside) !== undefined && attributes[name] === 'true' ? true : undefined;
}

function secondsOf(attributes: Plain, name: string): number | undefined {
  const seconds = Number(attributes[name]);
  return Number.isSafeInteger(seconds) && seconds > 0 ? seconds : undefined;
}

function algorithmOf<Name extends string>(
  attributes: Plain,
  name: string,
  known: readonly Name[],
  remark: (what: string) => void,
): Name | undefined {
  const alg = textOf(attributes, name);
  const found = known.find((one) => one === alg);
  if (alg !== undefined && found === undefined) remark(`wants ${alg}, which there is none of here`);
  return found;
}

/** Keycloak has words of its own in other languages, as `${client_account}`. */
function plainText(text: string | undefined): string | undefined {
  return text?.startsWith('${') ? undefined : text;
}

function withoutAbsent(entry: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined));
}
