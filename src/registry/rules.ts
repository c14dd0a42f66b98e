// What clients are held to, by the server's settings: those that somebody here vouches for, and strangers.

import type { ClientRules } from '../clients/metadata-rules.ts';
import { DEVICE_CODE } from '../oauth/device-codes.ts';
import { grantTypes } from '../oauth/grants/all.ts';
import type { Settings } from '../option-defaults.ts';

/** For clients that a seed, the options or a program bring. */
export function clientRules(settings: Settings): ClientRules {
  return {
    grantTypes: [...grantTypes, ...Object.keys(settings.grants ?? {})],
    scopes: Object.keys(settings.scopes ?? {}),
    resources: Object.keys(settings.resources ?? {}),
    production: settings.production ?? false,
  };
}

/**
 * The grant types of a client that nobody here vouches for: none that works without a person who allows
 * it.
 */
const FOR_STRANGERS = ['authorization_code', 'refresh_token', DEVICE_CODE];

/** For clients that registered themselves without a token, or are known by a document. */
export function selfMadeRules(settings: Settings): ClientRules {
  const rules = clientRules(settings);
  const { selfRegisteredScopes: scopes = rules.scopes } = settings;
  return { ...rules, grantTypes: FOR_STRANGERS, scopes };
}
