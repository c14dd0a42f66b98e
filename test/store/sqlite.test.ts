import { openStore } from '../../src/store/open.ts';
import { freshSqlite } from '../databases.ts';
import { storeContract } from './contract.ts';

storeContract('the store in SQLite', () => openStore(freshSqlite()));
