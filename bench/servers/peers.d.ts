// The packages that only the benchmark installs: the checks of types are made without them.

declare module 'oidc-provider';
declare module '@jmondi/oauth2-server';
declare module '@jmondi/oauth2-server/express';
