// The URLs of this server that more than one file names, below the issuer.

export const PATHS = {
  authorize: '/oauth/authorize',
  token: '/oauth/token',
  revoke: '/oauth/revoke',
  introspect: '/oauth/introspect',
  register: '/oauth/register',
  userinfo: '/oauth/userinfo',
  endSession: '/oauth/end-session',
  deviceAuthorization: '/oauth/device_authorization',
  device: '/device',
  jwks: '/oauth/jwks',
  clientLogo: '/oauth/client-logo',
  login: '/login',
  logout: '/logout',
  account: '/account',
  removeApp: '/account/remove-app',
  password: '/account/password',
  resetPassword: '/account/reset-password',
} as const;
