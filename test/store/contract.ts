// What the port promises, asked of any store. `open` answers a store of its own, with nothing in
// it; one is opened for nearly all of this, and closed at the end. Only the port is used, and no
// clock: every `now` is given. The callers of a race are started together, and a store with several
// connections is meant to serve them on several.

import { after, before, describe } from 'node:test';
import type { Store } from '../../src/store/store.ts';
import { registering } from '../helpers/records.ts';
import { accessTokensContract } from './contract-access-tokens.ts';
import { accountContract } from './contract-account.ts';
import { actionsOn } from './contract-actions.ts';
import { consentsContract } from './contract-consents.ts';
import { documentsContract } from './contract-documents.ts';
import { grantsContract } from './contract-grants.ts';
import { mostContract } from './contract-most.ts';
import { onceContract } from './contract-once.ts';
import { purgeContract } from './contract-purge.ts';
import { recordsContract } from './contract-records.ts';
import { refreshTokensContract } from './contract-refresh-tokens.ts';
import { signInContract } from './contract-sign-in.ts';
import { strangeNamesContract } from './contract-strange-names.ts';
import { subjectsContract } from './contract-subjects.ts';
import { ticketsContract } from './contract-tickets.ts';

export function storeContract(name: string, open: () => Promise<Store>): void {
  describe(`${name} keeps the promises of the store port`, () => {
    let store: Store;
    before(async () => {
      store = registering(await open());
    });
    after(() => store.close());

    const actions = actionsOn(() => store);
    const the = {
      ...actions,
      open,
      get store() {
        return store;
      },
    };
    recordsContract(the);
    consentsContract(the);
    grantsContract(the);
    accessTokensContract(the);
    refreshTokensContract(the);
    onceContract(the);
    documentsContract(the);
    ticketsContract(the);
    strangeNamesContract(the);
    // Last: it forgets everything that is over.
    purgeContract(the);
  });
  accountContract(name, open);
  signInContract(name, open);
  mostContract(name, open);
  subjectsContract(name, open);
}
