// What a program imports that embeds this server.

import './node-version.ts';
// In a bundle this says what to do, before anything else fails in some way of its own.
import './package-files.ts';

export type { BeforeConsent, BeforeConsentContext } from './authorization/before-consent.ts';
export { type Caller, callerOf } from './clients/caller.ts';
export type { ClientInformation } from './clients/client-information.ts';
export type { KnownClients } from './clients/known-clients.ts';
export type { ClientEntry } from './clients/metadata.ts';
export type { DocumentHosts } from './clients/metadata-documents.ts';
export type { Context, Endpoint, Metadata, OAuth, Pages } from './context.ts';
export { OAuthError } from './errors.ts';
export type { Events, ServerEvents } from './events.ts';
export { sendJson } from './http/answer.ts';
export { cors } from './http/cors.ts';
export { form } from './http/form-body.ts';
export { jsonHeaders } from './http/headers.ts';
export { methods } from './http/methods.ts';
export type { Middleware } from './http/middleware.ts';
export { formParams, type Lengths, type Params, queryParams } from './http/params.ts';
export type { Limits } from './http/rate-limit.ts';
export { redirect } from './http/redirect.ts';
export { type Route, Routes } from './http/routes.ts';
export type { Site } from './http/site.ts';
export type { SignOut, WhatEnds } from './logout/app-sign-out.ts';
export type { Ending, LeftClient, SessionEnds } from './logout/session-ends.ts';
export type { Resource } from './oauth/access-tokens.ts';
export type {
  Additions,
  TokenContext,
  TokenResponseContext,
  TokenUser,
} from './oauth/additions.ts';
export type { CustomGrant, CustomGrantCall, ToIssue } from './oauth/custom-grant.ts';
export { createModel, type Model, type ModelOptions } from './oauth/model.ts';
export type { UserClaims } from './oauth/person-claims.ts';
export type { Guard, Protect } from './oauth/protect.ts';
export { tokenOf } from './oauth/token-of.ts';
export type { ActiveToken, Token } from './oauth/tokens.ts';
export type { AuthorizationServerOptions } from './options.ts';
export { wordsFor } from './pages/language.ts';
export type { OwnWords } from './pages/own-words.ts';
export type { Render } from './pages/render.ts';
export type { Translate } from './pages/translate.ts';
export type { Language, Text } from './pages/words/languages.ts';
export { type App, createApp } from './program/app.ts';
export { applySeed } from './program/apply-seed.ts';
export { type Config, ConfigError, readConfig } from './program/config.ts';
export { parseSeed, readSeed, type Seed, SeedError } from './program/seed.ts';
export type { AuthorizationRequest } from './protocol/authorization-request.ts';
export type { AddressClaim, AppClaims, PersonClaims } from './protocol/claims.ts';
export type { SigningAlgorithm } from './protocol/jwt.ts';
export type { AppId } from './protocol/names.ts';
export type {
  ClientChanges,
  ClientRegistry,
  NewClient,
  RegisteredClient,
} from './registry/client-registry.ts';
export type { NewRegistrationToken, RegistrationTokens } from './registry/registration-tokens.ts';
export type { UserInput } from './registry/user-entries.ts';
export type {
  UserChanges,
  UserInformation,
  UserRegistry,
} from './registry/user-registry.ts';
export { type AuthorizationServer, authorizationServer } from './server.ts';
export type { AppUser, FindUser, VerifyPassword } from './sign-in/app-users.ts';
export { csrfToken, isOwnForm } from './sign-in/own-forms.ts';
export type { AppPerson, Authenticate, People, SignedIn } from './sign-in/people.ts';
export type { AdministrableStore } from './store/administration.ts';
export { memoryStore } from './store/memory.ts';
export { migrateDatabase, openStore } from './store/open.ts';
export {
  SchemaError,
  type Store,
  StoreUnavailable,
  SubjectTaken,
  UsernameTaken,
} from './store/store.ts';
export type * from './types.ts';
