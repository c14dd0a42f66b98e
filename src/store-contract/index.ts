// What the port promises, asked of any store. `open` answers a store of its own, with nothing in
// it; one is opened for each list of subjects below, and closed at the end. Only the port is used, and no
// clock: every `now` is given. The callers of a race are started together, and a store with several
// connections is meant to serve them on several.

import { after, before, describe } from 'node:test';
import { MAX_HELD } from '../store/outcomes.ts';
import type { Store } from '../store/store.ts';
import { actionsOn, type Contract } from './actions.ts';
import { addingContract } from './clients-and-users/adding.ts';
import { changingContract } from './clients-and-users/changing.ts';
import { clientsContract } from './clients-and-users/clients.ts';
import { demoContract } from './clients-and-users/demo.ts';
import { disabledContract } from './clients-and-users/disabled.ts';
import { idsContract } from './clients-and-users/ids.ts';
import { passwordsContract } from './clients-and-users/passwords.ts';
import { removingClientsContract } from './clients-and-users/removing-clients.ts';
import { removingUsersContract } from './clients-and-users/removing-users.ts';
import { typedNamesContract } from './clients-and-users/typed-names.ts';
import { unusedClientsContract } from './clients-and-users/unused-clients.ts';
import { unvouchedClientsContract } from './clients-and-users/unvouched-clients.ts';
import { usersContract } from './clients-and-users/users.ts';
import { codesContract } from './grants/codes.ts';
import { consentMarksContract } from './grants/consent-marks.ts';
import { consentsContract } from './grants/consents.ts';
import { grantsContract } from './grants/grants.ts';
import { leavingSessionsContract } from './grants/leaving-sessions.ts';
import { sessionCodesContract } from './grants/session-codes.ts';
import { sessionGrantsContract } from './grants/session-grants.ts';
import { userConsentsContract } from './grants/user-consents.ts';
import { userGrantsContract } from './grants/user-grants.ts';
import { withdrawalContract } from './grants/withdrawal.ts';
import { limitsContract } from './once/limits.ts';
import { replaysAndKeysContract } from './once/replays-and-keys.ts';
import { ticketsContract } from './once/tickets.ts';
import { tokensForTicketsContract } from './once/tokens-for-tickets.ts';
import { opening } from './opening.ts';
import { registering } from './registering.ts';
import { documentsContract } from './sessions/documents.ts';
import { logoutsContract } from './sessions/logouts.ts';
import { userSessionsContract } from './sessions/user-sessions.ts';
import { alikeNamesContract } from './throughout/alike-names.ts';
import { maxHeldContract } from './throughout/max-held.ts';
import { purgeContract } from './throughout/purge.ts';
import { reopeningContract } from './throughout/reopening.ts';
import { strangeNamesContract } from './throughout/strange-names.ts';
import { accessTokensContract } from './tokens/access-tokens.ts';
import { refreshRetriesContract } from './tokens/refresh-retries.ts';
import { refreshTokensContract } from './tokens/refresh-tokens.ts';
import { retiringRefreshTokensContract } from './tokens/retiring-refresh-tokens.ts';
import { tokensContract } from './tokens/tokens.ts';

/**
 * Registers the tests of the store port with `node:test`, to be run by `node --test`. The port has no
 * optional part: a store keeps all of these promises.
 *
 * @param name of the store, as the subject of "... keeps the promises of the store port"
 * @param openStore opens a store of its own with nothing in it each time; each is closed at the end
 * @param lasting for a store that lasts: answers, for a place of its own with nothing in it, what opens
 *   the store in that place, each time it is called
 * @throws TypeError if `openStore` is not a function
 */
export function storeContract(
  name: string,
  openStore: () => Promise<Store>,
  lasting?: () => () => Promise<Store>,
): void {
  const open = opening(openStore);
  const about = (promises: string, subjects: readonly ((the: Contract) => void)[]) =>
    describe(`${name} keeps ${promises}`, () => {
      const the = opened(open);
      for (const subject of subjects) subject(the);
    });

  about('the promises of the store port', [
    clientsContract,
    removingClientsContract,
    usersContract,
    consentsContract,
    consentMarksContract,
    grantsContract,
    codesContract,
    sessionCodesContract,
    sessionGrantsContract,
    leavingSessionsContract,
    tokensContract,
    accessTokensContract,
    refreshTokensContract,
    refreshRetriesContract,
    retiringRefreshTokensContract,
    replaysAndKeysContract,
    limitsContract,
    documentsContract,
    ticketsContract,
    tokensForTicketsContract,
    strangeNamesContract,
    alikeNamesContract,
    // Last: it forgets everything that is over.
    purgeContract,
  ]);
  about('the promises that the account page relies on', [
    userGrantsContract,
    userConsentsContract,
    withdrawalContract,
  ]);
  about('the promises that signing in relies on', [passwordsContract, userSessionsContract]);
  about(`the newest ${MAX_HELD}`, [maxHeldContract]);
  about('what clients are to be told', [logoutsContract]);
  about('the promises of the store port about clients and users', [
    typedNamesContract,
    addingContract,
    changingContract,
    removingUsersContract,
    idsContract,
    demoContract,
  ]);
  about('the promises of the store port about users who are disabled', [disabledContract]);
  about('the promises of the store port about clients that nobody uses', [
    unvouchedClientsContract,
    unusedClientsContract,
  ]);
  if (lasting !== undefined) reopeningContract(name, lasting);
}

/** A store that is opened before the tests of the suite around it, and closed after them. */
function opened(open: () => Promise<Store>): Contract {
  let bare: Store;
  let store: Store;
  before(async () => {
    bare = await open();
    store = registering(bare);
  });
  after(() => bare.close());
  return {
    ...actionsOn(() => store),
    open,
    get store() {
      return store;
    },
    get bare() {
      return bare;
    },
  };
}
