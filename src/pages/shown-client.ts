// What pages show of a client, as the client has provided it.

import { PATHS } from '../http/paths.ts';
import type { Site } from '../http/site.ts';
import { withQuery } from '../http/with-query.ts';
import { isSelfMade, isVouchedFor } from '../protocol/client.ts';
import { sha256 } from '../protocol/secrets.ts';
import { webUrlProblem } from '../protocol/web-url.ts';
import type { Client } from '../types.ts';

export interface ShownClient {
  readonly id: string;
  readonly name: string;
  /** Present if nobody here vouches for what the client says of itself. */
  readonly selfMade?: {
    /** The host of its document, if it is known by one: the host is proved. */
    readonly host?: string;
  };
  /** Its home page. If the client speaks for itself, it is at the host that is proved. */
  readonly uri?: string | undefined;
  /** Where this server has its picture, unless that cannot be had: then there is 404. */
  readonly logoUrl?: string | undefined;
  /** What it does with what it learns of people. */
  readonly policyUri?: string | undefined;
  /** Its terms of service. */
  readonly tosUri?: string | undefined;
  /** Where the person gets to it, and is signed in there (OpenID Connect Core section 4). */
  readonly openUrl?: string | undefined;
}

export function shownClient(client: Client, { issuer, path }: Site): ShownClient {
  const { id, name, uri, logoUri, policyUri, tosUri, initiateLoginUri } = client;
  const loginUrl = webAddress(initiateLoginUri);
  const host = documentHost(client);
  const homeUri = webAddress(uri);
  return {
    id,
    name,
    ...(isSelfMade(client) && { selfMade: { ...(host !== undefined && { host }) } }),
    uri: isSelfMade(client) ? homeAt(host, homeUri) : homeUri,
    logoUrl:
      logoUri && withQuery(`${path}${PATHS.clientLogo}`, { client_id: id, v: versionOf(logoUri) }),
    policyUri: webAddress(policyUri),
    tosUri: webAddress(tosUri),
    openUrl: loginUrl && withQuery(loginUrl, { iss: issuer }),
  };
}

/**
 * What a client is called beside a password: the host of its document, and nothing that a client for which
 * nobody here vouches says of itself. The pages after the sign-in can say that.
 */
export function vouchedName(client: Client): string | undefined {
  return isVouchedFor(client) ? client.name : documentHost(client);
}

function documentHost({ id, source }: Client): string | undefined {
  return source === 'document' ? new URL(id).host : undefined;
}

/** Changes with the address of a logo, so that a browser may keep what it has of another. */
export function versionOf(logoUri: string): string {
  return sha256(logoUri).slice(0, 16);
}

/**
 * The home page of a client that speaks for itself, if it is at the host that is proved: below the client's
 * name, somebody else's address would pass for its own. It is as the browser reads it, and so without
 * characters that turn the text around, and begins with the host.
 */
function homeAt(host: string | undefined, uri: string | undefined): string | undefined {
  const url = uri === undefined ? null : URL.parse(uri);
  if (url === null || url.host !== host) return undefined;
  url.username = '';
  url.password = '';
  return url.href;
}

/** Only a web address becomes a link: a store may have others. */
function webAddress(uri: string | undefined): string | undefined {
  return uri !== undefined && webUrlProblem(uri) === undefined ? uri : undefined;
}
