// OpenID Connect Core section 5.1: what can be known of a person.

/** Discovery section 3: all that an ID token or UserInfo may say. */
export const CLAIMS: readonly string[] = [
  'sub',
  'iss',
  'auth_time',
  'acr',
  'amr',
  'sid',
  'name',
  'preferred_username',
  'email',
];
