// What a program imports that has this server as a part of it.

export { type App, createApp } from './app.ts';
export { type Config, ConfigError, readConfig } from './config.ts';
export type { Events, ServerEvents } from './events.ts';
export { createModel, type Model, type ModelOptions } from './model.ts';
export { applySeed, parseSeed, readSeed, type Seed, SeedError } from './seed.ts';
export {
  type AuthorizationServer,
  type AuthorizationServerOptions,
  authorizationServer,
  type ForeignUser,
} from './server.ts';
export { memoryStore } from './store/memory.ts';
export { migrateDatabase, openStore } from './store/open.ts';
export { SchemaError } from './store/schema.ts';
export { type Store, StoreUnavailable, UsernameTaken } from './store/store.ts';
export type { ActiveToken } from './tokens.ts';
export type * from './types.ts';
export type { Language, Text } from './words/languages.ts';
