// What an API imports that takes the access tokens of an authorization server in another process. It
// loads nothing of the server, and neither Express nor another package.

import '../node-version.ts';

export { OAuthError } from '../errors.ts';
export { cors } from '../http/cors.ts';
export type { Middleware } from '../http/middleware.ts';
export { checkToken, type RequireTokenOptions, type TokenCheck } from './check-token.ts';
export { requireToken } from './require-token.ts';
export { type ResourceMetadataOptions, resourceMetadata } from './resource-metadata.ts';
export { type ResourceToken, tokenOf } from './resource-token.ts';
