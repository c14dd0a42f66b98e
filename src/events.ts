// What happened, for those who keep an audit trail or count. Listeners only listen: nothing here
// changes an answer, and nothing here carries a secret.

import { EventEmitter } from 'node:events';
import { inspect } from 'node:util';
import { frozen } from './frozen.ts';

export interface ServerEvents {
  login_succeeded: [{ userId: string; address: string }];
  /**
   * No username: people type passwords there. The id is absent if there is no such user, and the reason
   * unless the password was right and the user is disabled.
   */
  login_failed: [{ userId?: string; address: string; reason?: 'disabled' }];
  login_limited: [{ address: string }];
  /** The client is the one that asked for it, if one did. */
  logout: [{ userId: string; clientId?: string }];
  consent_allowed: [
    { userId: string; clientId: string; scope: readonly string[]; remembered: boolean },
  ];
  /** A person, or an operator, took back what a person had allowed a client: its grants and tokens ended. */
  consent_withdrawn: [{ userId: string; clientId: string }];
  /** A person ended sessions of theirs from another one. */
  sessions_ended: [{ userId: string; count: number }];
  /** A client was told by its back-channel that a session of a person has ended. */
  logout_told: [{ clientId: string; userId: string; attempts: number }];
  /** An attempt to tell it failed. Unless it was the last one, it is told again later. */
  logout_failed: [
    { clientId: string; userId: string; attempts: number; error: unknown; final: boolean },
  ];
  password_changed: [{ userId: string }];
  /** A link was made by which a person can set a new password until a time, in milliseconds. */
  password_reset_link_created: [{ userId: string; expiresAt: number }];
  /** A person has set a new password by such a link. */
  password_reset: [{ userId: string; address: string }];
  /** To change the password, a current one was given that is not right. */
  password_refused: [{ userId: string; address: string }];
  /** A program or an operator disabled a user, or let them in again. */
  user_disabled: [{ userId: string }];
  user_enabled: [{ userId: string }];
  consent_denied: [{ userId: string; clientId: string }];
  /** A device asked to be let in (RFC 8628). */
  device_code_issued: [{ clientId: string; address: string; scope: readonly string[] }];
  device_allowed: [{ userId: string; clientId: string; scope: readonly string[] }];
  device_denied: [{ userId: string; clientId: string }];
  /** A person typed a code that no device waits with. */
  user_code_refused: [{ userId: string; address: string }];
  device_limited: [{ userId: string; address: string }];
  token_issued: [
    { clientId: string; userId?: string; grantType: string; scope: readonly string[] },
  ];
  /**
   * A client was sent an error through the browser: its own log may say nothing of it. Also the ordinary
   * answers: that of Cancel, and those to `prompt=none`. The remedy is what an operator can do.
   */
  authorization_refused: [
    { clientId: string; error: string; description: string; remedy?: string },
  ];
  /**
   * A client was refused at an endpoint that it calls itself. The endpoint is a path below the issuer. The
   * client is the one that the request names, if there is such a client: with `invalid_client` it has not
   * authenticated.
   */
  request_refused: [
    { endpoint: string; clientId?: string; address: string; error: string; description: string },
  ];
  /**
   * A client asked about an access token in force that it may not see, and was told that it is not active.
   * Its record may have to name the audience under `introspects`.
   */
  introspection_refused: [{ clientId: string; audience: readonly string[] }];
  token_revoked: [{ clientId: string }];
  /** A client registered itself (RFC 7591), changed its registration, or ended it (RFC 7592). */
  client_registered: [{ clientId: string; address: string }];
  client_changed: [{ clientId: string; address: string }];
  client_removed: [{ clientId: string; address: string }];
  /**
   * An operator changed something by a command. The subject is the id of the record. The fields are
   * the names of those that the operator gave. The counts say how many records of each kind were changed.
   */
  command_run: [
    {
      operator: string;
      command: string;
      subject?: string;
      userId?: string;
      clientId?: string;
      fields?: readonly string[];
      counts?: Readonly<Record<string, number>>;
    },
  ];
  /** No more clients may register themselves from an address for now, or none at all. */
  registration_limited: [{ address: string }];
  client_limited: [{ clientId: string; address: string }];
  /** The keys that a client signs with could not be fetched: its `jwks_uri` is down, or not allowed. */
  client_keys_failed: [{ clientId: string; error: unknown }];
  /**
   * What is at a URL that a client's id or record names could not be fetched, or is not what it has to
   * be.
   */
  client_url_failed: [
    { clientId: string; field: 'client_id' | 'sector_identifier_uri' | 'logo_uri'; error: unknown },
  ];
  /** A code was presented twice by its own client; everything that was issued for it has ended. */
  code_replayed: [{ clientId: string; grantId: string }];
  /** A refresh token was presented after its successor was in use; its family has ended. */
  refresh_token_reused: [{ clientId: string; grantId: string }];
  /**
   * A client or user in the store is treated as unknown: nothing in the settings vouches for it. Told
   * once for each reason.
   */
  record_refused: [{ clientId?: string; userId?: string; problem: string }];
  /** A client that the option `clients` no longer lists is still in the store, and still works. */
  client_unlisted: [{ clientId: string }];
  /**
   * A page with an error was shown; the id is on it. The path is below the issuer. What was sent are the
   * parameters that say which client it was, or are wrong, as they came from the browser.
   */
  error_answered: [
    {
      requestId: string;
      path: string;
      address: string;
      status: number;
      error: string;
      description: string;
      sent: Readonly<Record<string, string>>;
    },
  ];
  /**
   * A client that registered itself, or is known by a document, was removed: nobody has used it for 90
   * days, and it had no grant in force.
   */
  client_forgotten: [{ clientId: string }];
  /** A request or the background work failed because the store did not answer. */
  store_unavailable: [{ error: unknown }];
  /** A request failed, and it was not the caller's fault. The id is the one the answer shows. */
  failure: [{ requestId: string; error: unknown }];
}

/** Where events are told. `@types/node` 26 would take any name to listen for, and a wrong one hears nothing. */
export type Events = Omit<EventEmitter<ServerEvents>, 'on' | 'once' | 'off'> &
  Record<'on' | 'once' | 'off', Listen>;
type Listen = <Name extends keyof ServerEvents>(
  name: Name,
  listener: (...told: ServerEvents[Name]) => void,
) => Events;

/** Warnings that are remembered, so that each is given once. */
const MAX_REPORTED = 100;

/** Emits to listeners that cannot make anything fail: neither each other nor what they are told of. */
class Told extends EventEmitter<ServerEvents> {
  readonly #reported = new Set<string>();

  /**
   * Tells every listener, even if one before it throws or its promise rejects. Each is told of a copy:
   * the arrays may be those of an answer.
   *
   * If nobody listens for a failure, the process warns of it: no answer says what failed.
   *
   * @returns whether there are listeners
   */
  override emit<Name>(
    name: Name | keyof ServerEvents,
    ...told: Name extends keyof ServerEvents ? ServerEvents[Name] : never
  ): boolean {
    const listeners = this.rawListeners(name as keyof ServerEvents);
    if (listeners.length === 0) {
      this.#warnUnheard(name as keyof ServerEvents, told[0]);
      return false;
    }
    const report = (error: unknown) => this.#report(String(name), error);
    const copies = told.map(copyOf);
    for (const listener of listeners) {
      try {
        const answer: unknown = Reflect.apply(listener, this, copies);
        // Nobody waits for it, and without this the process would end if it rejects.
        if (isThenable(answer)) Promise.resolve(answer).catch(report);
      } catch (error) {
        report(error);
      }
    }
    return true;
  }

  /** By a warning of the process and not by an event: that one may have a listener that fails, too. */
  #report(name: string, error: unknown): void {
    const message = `A listener of the event ${name} failed, which changed nothing: ${textOf(error)}`;
    if (!this.#isNew(message)) return;
    const detail = attempt(() => (error instanceof Error ? (error.stack ?? '') : ''), '');
    process.emitWarning(message, { type: 'ListenerWarning', detail });
  }

  /**
   * Warns of a failure that no listener hears. Otherwise nobody could look up the id on an error page. While
   * a store is away every request may fail, so that is told once for each reason.
   */
  #warnUnheard(name: keyof ServerEvents, told: unknown): void {
    if (name !== 'failure' && name !== 'store_unavailable') return;
    const { requestId, error } = told as ServerEvents['failure'][0];
    const message =
      name === 'failure'
        ? `Something failed, and nothing listens for the event failure of oauth.events. Request id: ${requestId}`
        : `The store is not available, and nothing listens for the event store_unavailable of oauth.events: ${textOf(error)}`;
    if (name === 'store_unavailable' && !this.#isNew(message)) return;
    // With the cause, which may be the app's own error.
    const detail = attempt(() => inspect(error), textOf(error));
    process.emitWarning(message, { type: 'FailureWarning', detail });
  }

  /** Whether that was not said before. */
  #isNew(message: string): boolean {
    if (this.#reported.has(message)) return false;
    if (this.#reported.size >= MAX_REPORTED) this.#reported.clear();
    this.#reported.add(message);
    return true;
  }
}

function textOf(error: unknown): string {
  return attempt(() => String(error), 'it threw what has no text');
}

function isThenable(answer: unknown): answer is PromiseLike<unknown> {
  return typeof (answer as Partial<PromiseLike<unknown>> | undefined)?.then === 'function';
}

/** Reads something of an error. A listener can throw an object that throws when it is read. */
function attempt(read: () => string, otherwise: string): string {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

function copyOf(told: unknown): unknown {
  // What EventEmitter itself tells, of listeners that are added, are a name and a function.
  return typeof told === 'object' && told !== null ? frozen(told) : told;
}

/**
 * Where events are emitted. What a listener throws, and a failure without one, is a warning of the process.
 */
export function createEvents(): Events {
  return new Told() as Events;
}
