// docs/deployment.md lists every event, as src/events.ts has it and as the log writes it.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import { describe, it } from 'node:test';
import { pino } from 'pino';
import { createEvents, type ServerEvents } from '../src/events.ts';
import { logEvents } from '../src/program/log.ts';

const read = (path: string) => readFile(new URL(`../${path}`, import.meta.url), 'utf8');

/** The events of the interface, each with its fields in their order; a field that may be absent has a `?`. */
async function declared(): Promise<Map<string, string[]>> {
  const source = await read('src/events.ts');
  const [, body = ''] = /interface ServerEvents \{\n([\s\S]*?)\n\}/.exec(source) ?? [];
  const members = body.replace(/\/\*\*[\s\S]*?\*\//g, '').matchAll(/(\w+): \[\s*\{([\s\S]*?)\}/g);
  return new Map(
    [...members].map(([, name = '', fields = '']) => [
      name,
      [...fields.matchAll(/(\w+\??):/g)].map(([, field = '']) => field),
    ]),
  );
}

/** The rows of the list: the event, its level in the log, its fields, what it means. */
async function listed(): Promise<string[][]> {
  const guide = await read('docs/deployment.md');
  const [, section = ''] = /^## Every event$([\s\S]*?)(?=^## |$(?![\s\S]))/m.exec(guide) ?? [];
  return [...section.matchAll(/^\| `(\w+)` \| (.*?) \| (.*?) \| (.*) \|$/gm)].map((row) =>
    row.slice(1),
  );
}

/** The level at which the log writes an event, or `none`. */
function levelOf(name: string): string {
  const stream = new PassThrough();
  const events = createEvents();
  logEvents(pino({ level: 'debug', base: null }, stream), events);
  events.emit(name as keyof ServerEvents, { error: 'invalid_request' } as never);
  const line = String(stream.read() ?? '');
  return line === '' ? 'none' : String(pino.levels.labels[JSON.parse(line).level]);
}

describe('the list of events in docs/deployment.md', async () => {
  const events = await declared();
  const rows = await listed();

  it('has every event there is, with its fields', () => {
    assert.ok(events.size > 40);
    assert.deepEqual(
      Object.fromEntries(
        rows.map(([name = '', , fields = '']) => [
          name,
          [...fields.matchAll(/`([^`]+)`/g)].map(([, field]) => field),
        ]),
      ),
      Object.fromEntries(events),
    );
    assert.equal(rows.length, events.size);
  });

  for (const [name = '', level, , meaning = ''] of rows) {
    it(`has the level at which ${name} is logged, and what it means`, () => {
      assert.match(meaning, /^[A-Z].*\.$/);
      assert.equal(levelOf(name), level);
    });
  }
});
