// What the port promises, asked of any store. `open` answers a store of its own, with nothing in
// it; one is opened for nearly all of this, and closed at the end. Only the port is used, and no
// clock: every `now` is given. The callers of a race are started together, and a store with several
// connections is meant to serve them on several.

import { after, before, describe } from 'node:test';
import type { Store } from '../store/store.ts';
import { accessTokensContract } from './access-tokens.ts';
import { accountContract } from './account.ts';
import { actionsOn } from './actions.ts';
import { alikeNamesContract } from './alike-names.ts';
import { recordsContract } from './clients-and-users.ts';
import { codesContract } from './codes.ts';
import { consentMarksContract } from './consent-marks.ts';
import { consentsContract } from './consents.ts';
import { disabledContract } from './disabled.ts';
import { documentsContract } from './documents.ts';
import { grantsContract } from './grants.ts';
import { logoutsContract } from './logouts.ts';
import { maxHeldContract } from './max-held.ts';
import { onceContract } from './once.ts';
import { opening } from './opening.ts';
import { purgeContract } from './purge.ts';
import { registering } from './records.ts';
import { refreshTokensContract } from './refresh-tokens.ts';
import { reopeningContract } from './reopening.ts';
import { sessionCodesContract } from './session-codes.ts';
import { sessionGrantsContract } from './session-grants.ts';
import { signInContract } from './sign-in.ts';
import { strangeNamesContract } from './strange-names.ts';
import { subjectsContract } from './subjects.ts';
import { ticketsContract } from './tickets.ts';
import { tokensContract } from './tokens.ts';
import { unusedClientsContract } from './unused-clients.ts';

/**
 * Registers the tests of the store port with `node:test`, to be run by `node --test`. The port has no
 * optional part: a store keeps all of these promises.
 *
 * @param name of the store, as the subject of "... keeps the promises of the store port"
 * @param openStore opens a store of its own with nothing in it each time; each is closed at the end
 * @param lasting for a store that lasts: answers, for a place of its own with nothing in it, what opens
 *   the store in that place, each time it is called
 * @throws TypeError if `openStore` is no function
 */
export function storeContract(
  name: string,
  openStore: () => Promise<Store>,
  lasting?: () => () => Promise<Store>,
): void {
  const open = opening(openStore);
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
    consentMarksContract(the);
    grantsContract(the);
    codesContract(the);
    sessionCodesContract(the);
    sessionGrantsContract(the);
    tokensContract(the);
    accessTokensContract(the);
    refreshTokensContract(the);
    onceContract(the);
    documentsContract(the);
    ticketsContract(the);
    strangeNamesContract(the);
    alikeNamesContract(the);
    // Last: it forgets everything that is over.
    purgeContract(the);
  });
  accountContract(name, open);
  signInContract(name, open);
  maxHeldContract(name, open);
  logoutsContract(name, open);
  subjectsContract(name, open);
  disabledContract(name, open);
  unusedClientsContract(name, open);
  if (lasting !== undefined) reopeningContract(name, lasting);
}
