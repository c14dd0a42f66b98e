// People in a table of the app's, whose functions may hang.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { appDirectory } from '../../src/sign-in/app-users.ts';

const never = () => new Promise<never>(() => {});

describe('an app that does not answer who signs in', () => {
  it('holds nobody for ever: after 30 seconds that is a failure of the app', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const failsInTime = async (asked: Promise<unknown>, option: string) => {
      const failed = assert.rejects(asked, {
        name: 'HostError',
        message: `The option ${option} has not answered within 30 seconds.`,
      });
      t.mock.timers.tick(30_000);
      await failed;
    };
    const { look } = appDirectory(never, never);
    await failsInTime(look('alice'), 'findUser');
    const found = await appDirectory(() => ({ id: 'alice' }), never).look('alice');
    await failsInTime(found.isRight('wonderland'), 'verifyPassword');
  });
});
