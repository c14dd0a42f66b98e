import { clientFields } from '../../src/clients/metadata.ts';
import { userFields } from '../../src/registry/user-entries.ts';

/** Every field that a seed file can have, by its path. */
export const seedFields: readonly string[] = [
  'scopes',
  'resources',
  ...clientFields.map((name) => `clients[].${name}`),
  ...userFields.map((name) => `users[].${name}`),
];
