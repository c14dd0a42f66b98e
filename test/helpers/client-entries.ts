// A client of each kind, as a seed file or a registration has it.

export const CLIENT = {
  client_id: 'app',
  client_secret: 'secret',
  redirect_uris: ['https://app.example/callback'],
};

/** The same client without a secret. */
export const PUBLIC = {
  client_id: 'app',
  redirect_uris: ['https://app.example/callback'],
  token_endpoint_auth_method: 'none',
};

/** One that signs with its private key. */
export const SIGNING = {
  client_id: 'app',
  redirect_uris: ['https://app.example/callback'],
  token_endpoint_auth_method: 'private_key_jwt',
  jwks: {
    keys: [{ kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }],
  },
};

/** One that signs with its secret. */
export const HMAC = {
  ...CLIENT,
  client_secret: 'a-secret-of-forty-characters-or-even-more',
  token_endpoint_auth_method: 'client_secret_jwt',
};
