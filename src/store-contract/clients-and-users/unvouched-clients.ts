// The number of clients that nobody here vouches for. See index.ts.

import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { Contract } from '../actions.ts';
import { promised } from '../promised.ts';
import { aClient } from '../records.ts';

const it = promised(['Clients']);

export function unvouchedClientsContract(the: Contract): void {
  describe('clients.countUnvouched', () => {
    it('says how many there are from a source, and no more than it was asked for', async () => {
      const other = await the.open();
      const count = (most: number) => other.clients.countUnvouched('document', most);
      assert.equal(await count(10), 0);
      for (let n = 1; n <= 5; n += 1) {
        await other.clients.save(aClient({ source: 'document' }));
        await other.clients.save(aClient({ source: 'registration' }));
        await other.clients.save(aClient());
      }
      assert.deepEqual([await count(10), await count(5), await count(4)], [5, 5, 4]);
      await other.close();
    });

    it('leaves out a client for which something was decided, from then on', async () => {
      const other = await the.open();
      const count = () => other.clients.countUnvouched('registration', 10);
      const [stranger, known] = [
        aClient({ source: 'registration' }),
        aClient({ source: 'registration', decided: {} }),
      ];
      for (const client of [stranger, known]) await other.clients.save(client);
      assert.equal(await count(), 1);
      await other.clients.change(stranger, { ...stranger, decided: { client_name: 'Known' } });
      assert.equal(await count(), 0);
      await other.clients.remove(known.id);
      await other.clients.save({ ...known, decided: undefined });
      assert.equal(await count(), 1);
      await other.close();
    });
  });
}
