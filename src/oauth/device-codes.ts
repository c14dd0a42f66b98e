// Device codes (RFC 8628): a request of a device is a ticket, which a person decides and the device
// takes. It is kept under the code that the person types, and the device code begins with that code, so
// there is one record, which changes as a whole.

import type { KeyObject } from 'node:crypto';
import { OAuthError } from '../errors.ts';
import { equal, mac, randomToken, sha256 } from '../protocol/secrets.ts';
import { newUserCode, readUserCode } from '../protocol/user-code.ts';
import type { Store } from '../store/store.ts';
import type { AuthenticationContext, Client, Grant, Ticket } from '../types.ts';
import type { Asked } from './drafts.ts';
import { type OfSignIn, openIdGrant } from './openid-grant.ts';
import { newGrant } from './tokens.ts';

/** Seconds that a person has. */
export const DEVICE_CODE_TTL = 900;

/** Milliseconds that a device has once a person has decided, even at the last moment. */
const TO_COLLECT = 60_000;

/** Milliseconds in which a device that comes too late is told so (`expired_token`). */
const REMEMBERED = 5 * 60_000;

/** How often another code is made if there is one already: of 25 billion few are in use. */
const ATTEMPTS = 5;

const KIND = 'device_code';

/** RFC 8628 section 3.4: the `grant_type`. */
export const DEVICE_CODE = 'urn:ietf:params:oauth:grant-type:device_code';

type DeviceDecision = 'allow' | 'deny';

/** What a device asks for. */
export type DeviceRequest = {
  readonly id: string;
  readonly clientId: string;
  readonly scope: readonly string[];
  readonly resource: readonly string[];
  /** SHA-256, base64url, of the device code. */
  readonly codeHash: string;
  /** Where the request came from. */
  readonly address: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  /** Absent as long as nobody has decided. */
  readonly decision?: DeviceDecision;
  readonly userId?: string;
  /** What an approval opens, once the device comes for it. */
  readonly grant?: Pick<Grant, keyof Grant>;
};

/** A request of a device, as it was read. */
export interface FoundDevice {
  readonly request: DeviceRequest;
  readonly ticket: Ticket;
}

/** The outcome of a decision. */
type DeviceOutcome =
  /** This one counts; or the same person decided the same a moment ago. */
  | { readonly outcome: 'decided' | 'repeated'; readonly request: DeviceRequest }
  /** Nobody waits for it any more: it was decided, or has expired. */
  | { readonly outcome: 'over' };

/** Who decides. */
export interface Decider extends Omit<OfSignIn, 'sid'>, AuthenticationContext {
  readonly id: string;
}

/**
 * What is done with device codes.
 *
 * @param key what user codes are hashed with: they are short enough to be guessed
 */
export function createDeviceCodes(store: Store, key: KeyObject) {
  async function find(userCode: string): Promise<FoundDevice | undefined> {
    const ticket = await store.tickets.find(KIND, mac(key, userCode), Date.now());
    return ticket && { ticket, request: ticket.payload as unknown as DeviceRequest };
  }

  return {
    /**
     * Stores a request of a device.
     *
     * @param address where it came from
     * @returns the code for the device, and the one for the person
     * @throws OAuthError `invalid_client` if the client was removed a moment ago
     */
    async open({ scope, resource }: Asked, client: Client, address: string) {
      const now = Date.now();
      const expiresAt = now + DEVICE_CODE_TTL * 1000;
      const common = { clientId: client.id, scope, resource, address, createdAt: now, expiresAt };
      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        const userCode = newUserCode();
        const deviceCode = `${userCode}.${randomToken()}`;
        const request = { ...common, id: randomToken(16), codeHash: sha256(deviceCode) };
        const ticket: Ticket = {
          kind: KIND,
          hash: mac(key, userCode),
          payload: request,
          expiresAt: expiresAt + REMEMBERED,
          clientId: client.id,
        };
        if (await store.tickets.create(ticket, now)) return { deviceCode, userCode };
      }
      throw new OAuthError('invalid_client', 'The client is not registered any more.');
    },

    /** The request that waits under a user code, if nobody has decided it. */
    async findPending(userCode: string): Promise<DeviceRequest | undefined> {
      const request = (await find(userCode))?.request;
      return request !== undefined && isPending(request) ? request : undefined;
    },

    /** The request of a device code, decided or not; for a while also if it has expired. */
    async find(deviceCode: string): Promise<FoundDevice | undefined> {
      const userCode = readUserCode(deviceCode.slice(0, deviceCode.indexOf('.')));
      const found = userCode === undefined ? undefined : await find(userCode);
      return found && equal(found.request.codeHash, sha256(deviceCode)) ? found : undefined;
    },

    /**
     * Decides a request, once.
     *
     * @param id of the request that the person was shown: the code may belong to another one now
     * @throws OAuthError `access_denied` if the person has the id of the client
     */
    async decide(
      userCode: string,
      id: string,
      user: Decider,
      decision: DeviceDecision,
    ): Promise<DeviceOutcome> {
      // If the change fails, somebody has just decided; the second attempt finds that.
      for (let attempt = 0; attempt < 2; attempt += 1) {
        const found = await find(userCode);
        if (found === undefined || found.request.id !== id) return { outcome: 'over' };
        const { request, ticket } = found;
        if (request.decision === decision && request.userId === user.id) {
          return { outcome: 'repeated', request };
        }
        if (!isPending(request)) return { outcome: 'over' };
        const now = Date.now();
        const grant = decision === 'allow' ? grantTo(request, user) : null;
        const expiresAt = Math.max(request.expiresAt, now + TO_COLLECT);
        const payload = { ...request, expiresAt, decision, userId: user.id };
        const decided: Ticket = {
          ...ticket,
          payload: grant === null ? payload : { ...payload, grant: { ...grant } },
          expiresAt: expiresAt + REMEMBERED,
          userId: user.id,
        };
        if (await store.tickets.change(ticket, decided, now))
          return { outcome: 'decided', request };
      }
      return { outcome: 'over' };
    },
  };
}

/** Whether a client still gets tokens once a request of its device is allowed. */
export function canCollect(client: Client, { scope }: DeviceRequest): boolean {
  const isLeft = scope.length === 0 || scope.some((word) => client.scope.includes(word));
  return isLeft && client.grants.includes(DEVICE_CODE);
}

export function hasExpired({ expiresAt }: DeviceRequest): boolean {
  return Date.now() >= expiresAt;
}

/** @throws OAuthError `access_denied` if the person has the id of the client */
function grantTo(request: DeviceRequest, user: Decider): Grant {
  // The device goes on if the person signs out of the browser in which they typed the code.
  const openid = openIdGrant(request.clientId, { ...user, sid: undefined }, request);
  return newGrant(request.clientId, user.id, request, user, openid);
}

function isPending(request: DeviceRequest): boolean {
  return request.decision === undefined && !hasExpired(request);
}
