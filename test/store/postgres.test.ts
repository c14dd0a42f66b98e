import { describe } from 'node:test';
import { openStore } from '../../src/store/open.ts';
import { freshPostgres } from '../databases.ts';
import { postgresMissing } from '../postgres.ts';
import { storeContract } from './contract.ts';

describe('on PostgreSQL', { skip: postgresMissing() }, () => {
  storeContract('the store in PostgreSQL', async () => openStore(await freshPostgres()));
});
