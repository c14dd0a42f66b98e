// Every error the protocol knows, and the status each is answered with.

import type { RedirectTarget } from './protocol/redirect-target.ts';
import { shown } from './protocol/shown.ts';

/** RFC 6749 sections 4.1.2.1 and 5.2, RFC 6750 section 3.1, OpenID Connect Core section 3.1.2.6. */
const STATUS = {
  invalid_request: 400,
  invalid_client: 401,
  invalid_grant: 400,
  unauthorized_client: 400,
  unsupported_grant_type: 400,
  unsupported_response_type: 400,
  invalid_scope: 400,
  /** RFC 8707 section 2. */
  invalid_target: 400,
  /** RFC 7009 section 2.2.1. */
  unsupported_token_type: 400,
  access_denied: 403,
  invalid_token: 401,
  insufficient_scope: 403,
  /** RFC 9470 section 3. */
  insufficient_user_authentication: 401,
  login_required: 400,
  consent_required: 400,
  interaction_required: 400,
  /** RFC 8628 section 3.5. */
  authorization_pending: 400,
  slow_down: 400,
  expired_token: 400,
  request_not_supported: 400,
  request_uri_not_supported: 400,
  registration_not_supported: 400,
  /** RFC 7591 section 3.2.2. */
  invalid_redirect_uri: 400,
  invalid_client_metadata: 400,
  unapproved_software_statement: 400,
  /** OpenID Connect Core Unmet Authentication Requirements 1.0, section 1. */
  unmet_authentication_requirements: 400,
  server_error: 500,
  temporarily_unavailable: 503,
} as const;

export type ErrorCode = keyof typeof STATUS;

export const errorCodes = Object.keys(STATUS) as ErrorCode[];

/** What has happened to the person who sees an error; every language has words for each. */
export type Situation =
  | 'request'
  | 'notSignedIn'
  | 'notAllowed'
  | 'unknownClient'
  | 'clientDocument'
  | 'redirectUri'
  | 'over'
  | 'signOut'
  | 'nothingToSignOut'
  | 'browser'
  | 'tooMany'
  | 'notFound'
  | 'unavailable'
  | 'failure';

interface Details {
  /** If the code's own status is not the right one: 413, 429 and the like. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** What the person in front of the browser is told, if the status does not say it. */
  readonly person?: Situation;
  /** The parameter that is wrong as it was sent, for a page. */
  readonly sent?: Readonly<Record<string, string>>;
  /** What it could have been: for the demo's pages that explain, and not in production. */
  readonly registered?: readonly string[];
  /** What an operator can do about it, beside what the client can: for the log, and told no client. */
  readonly remedy?: string;
  /** Present only if the error may be sent to the client, through the browser. */
  readonly target?: RedirectTarget;
}

/**
 * An error with a code from the RFCs, and a sentence that tells the client's developer what to do.
 *
 * It throws a TypeError if there is no such code, the description is not a string, or the status is not an
 * error's.
 */
export class OAuthError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly person: Situation | undefined;
  readonly sent: Readonly<Record<string, string>>;
  readonly registered: readonly string[];
  readonly remedy: string | undefined;
  readonly target: RedirectTarget | undefined;

  constructor(code: ErrorCode, description: string, details: Details = {}) {
    super(description);
    // A grant type or an endpoint of an app around the server may throw one, too.
    if (!Object.hasOwn(STATUS, code)) {
      throw new TypeError(
        `The code of an OAuthError is ${shown(code)}, which is none of ${errorCodes.join(', ')}.`,
      );
    }
    if (typeof description !== 'string') {
      throw new TypeError(
        `The description of an OAuthError is ${shown(description)}, which is not a string.`,
      );
    }
    this.name = 'OAuthError';
    this.code = code;
    this.status = details.status ?? STATUS[code];
    if (!Number.isInteger(this.status) || this.status < 400 || this.status > 599) {
      throw new TypeError(
        `The status of an OAuthError is ${shown(this.status)}: it is 400 to 599.`,
      );
    }
    this.headers = details.headers ?? {};
    this.person = details.person;
    this.sent = details.sent ?? {};
    this.registered = details.registered ?? [];
    this.remedy = details.remedy;
    this.target = details.target;
  }

  /** This error, to be sent to a client through the browser. */
  sentTo(target: RedirectTarget): OAuthError {
    return new OAuthError(this.code, this.message, {
      status: this.status,
      headers: this.headers,
      ...(this.remedy !== undefined && { remedy: this.remedy }),
      target,
    });
  }

  /** This error, with what a page says of it, if that does not depend on the error itself. */
  shownAs(person: Situation): OAuthError {
    const { code, message, status, headers, sent, registered } = this;
    return new OAuthError(code, message, { status, headers, sent, registered, person });
  }

  /** This error with further headers, to be answered where it was made: it is no longer sent to a client. */
  with(headers: Readonly<Record<string, string>>): OAuthError {
    return new OAuthError(this.code, this.message, {
      status: this.status,
      headers: { ...this.headers, ...headers },
    });
  }

  /** RFC 6749 section 5.2; the description keeps to the characters the section allows. */
  body(): { error: ErrorCode; error_description: string } {
    return { error: this.code, error_description: describe(this.message) };
  }
}

/** A sentence in the characters that `error_description` may have (RFC 6749 section 5.2). */
function describe(sentence: string): string {
  return sentence.replace(/["‘’“”]/g, "'").replace(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, '?');
}

/** Seconds from now until a time, at least one: what `Retry-After` says. */
export function secondsUntil(time: number): number {
  return Math.max(1, Math.ceil((time - Date.now()) / 1000));
}

/**
 * A refusal because of too many attempts (RFC 6585 section 4).
 *
 * @param seconds after which another is allowed
 */
export function tooManyAttempts(seconds: number): OAuthError {
  return new OAuthError(
    'temporarily_unavailable',
    `Too many attempts: try again in ${seconds} s.`,
    {
      status: 429,
      headers: { 'Retry-After': String(seconds) },
    },
  );
}

/** RFC 6750 section 3.1: the token of a request is not valid. */
export function invalidToken(): OAuthError {
  return new OAuthError(
    'invalid_token',
    'The access token is unknown, has expired or was revoked.',
  );
}

/**
 * RFC 8707 section 2: the token is in force, but for another resource, which could present it here. Whoever
 * sends it holds it, so this gives nothing away.
 *
 * @param isForIssuer whether the resource that refuses it is the server itself
 */
export function tokenForAnother(isForIssuer: boolean): OAuthError {
  const remedy = isForIssuer
    ? 'get one without the parameter resource, or name the issuer in it, too'
    : 'name this one in the parameter resource';
  return new OAuthError('invalid_token', `The access token is for another resource: ${remedy}.`);
}

/** RFC 6750 section 3.1: the token is valid, but lacks a scope. */
export function insufficientScope(): OAuthError {
  return new OAuthError(
    'insufficient_scope',
    'The access token does not have the scope this needs.',
  );
}
