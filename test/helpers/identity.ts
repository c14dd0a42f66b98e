// A client that wants to know who somebody is, and what there is to know.

/** A client that only wants to know who somebody is. */
export const IDENTITY = {
  client_id: 'identity',
  client_secret: 'identity-secret',
  client_name: 'Web App',
  client_uri: 'https://identity.example/',
  logo_uri: 'https://identity.example/logo.png',
  policy_uri: 'https://identity.example/privacy',
  tos_uri: 'https://identity.example/terms',
  initiate_login_uri: 'https://identity.example/login',
  redirect_uris: ['https://identity.example/callback'],
  grant_types: ['authorization_code', 'refresh_token'],
  scope: 'openid profile email address phone groups offline_access',
};

/** All that can be known of somebody, but for the time zone. */
export const KNOWN = {
  email: 'bob@example.com',
  claims: {
    given_name: 'Bob',
    family_name: 'Builder',
    middle_name: 'B.',
    nickname: 'بوب',
    profile: 'https://example.com/bob',
    picture: `https://example.com/${'b'.repeat(200)}.jpg`,
    website: 'https://bob.example/',
    gender: 'm',
    birthdate: '1998-11-28',
    locale: 'en-GB',
    updated_at: 1_700_000_000,
    email_verified: true,
    address: { formatted: '1 Bobland Street\nSunflower Valley', country: 'UK' },
    phone_number: '+44 20 7946 0000',
    phone_number_verified: false,
    groups: ['builders', '建设者', 'Fixers'],
  },
};
