// How the contents of a file get into the database, or what would happen to them.

import { parseScope } from '../protocol/scope.ts';
import { NotAllTaken } from './errors.ts';
import type { Import, ImportOptions } from './import.ts';
import { importClient } from './importing-clients.ts';
import { importPeople } from './importing-people.ts';
import type { Operator, SeededWorkplace } from './operator.ts';
import { cell, writeRecord } from './output.ts';
import { type Count, type Remark, Report } from './report.ts';

/**
 * Imports the contents of a file, and says what happened to them, or what would.
 *
 * @throws CommandError if a file is not as it should be; what was before that in it has been imported
 * @throws NotAllTaken at the end, if a client or somebody cannot be taken
 */
export async function importAll(
  operator: Operator,
  workplace: SeededWorkplace,
  brought: Import,
  options: ImportOptions,
): Promise<void> {
  const isTrial = options.apply !== true;
  const { remarks } = brought;
  remarks.push(...scopeRemarks(brought, workplace));
  const report = new Report(remarks);
  report.clients.refused = brought.refused;
  let failure: { readonly error: unknown } | undefined;
  const work = async () => {
    try {
      for (const client of brought.clients) await importClient(workplace, client, isTrial, report);
      await importPeople(operator, workplace, brought.users, isTrial, report);
    } catch (error) {
      // What is written by now is an operator's doing like the rest, and is told as that.
      failure = { error };
    }
    return report.clients.added + report.people.added > 0;
  };
  const isChanged = await (isTrial
    ? work()
    : workplace.changing(() => ({ counts: countsOf(report, brought) }), work));
  if (failure !== undefined) {
    if (isChanged && !isTrial) operator.terminal.tell(beforeFailure(report, brought.hasClients));
    throw failure.error;
  }
  await (options.json
    ? writeRecord(operator.terminal, { applied: !isTrial, ...report }, options)
    : tell(operator, report, isTrial, brought.hasClients));
  const refused = report.clients.refused + report.people.refused;
  if (refused > 0) {
    throw new NotAllTaken(`\n${refused} ${refused === 1 ? 'entry' : 'entries'} cannot be taken.`);
  }
}

function countsOf({ clients, people }: Report, { hasClients }: Import): Record<string, number> {
  return { ...(hasClients && { clients: clients.added }), users: people.added };
}

function beforeFailure({ clients, people }: Report, hasClients: boolean): string {
  const ofClients = hasClients ? `${clients.added} clients and ` : '';
  return `It has stopped: ${ofClients}${people.added} people were added before. Run it again to go on from there.`;
}

function scopeRemarks({ scopes, clients }: Import, { seed }: SeededWorkplace): Remark[] {
  const used = new Set(clients.flatMap(({ scope = '' }) => parseScope(scope)));
  return Object.entries(scopes)
    .filter(([name]) => used.has(name) && !Object.hasOwn(seed.scopes, name))
    .map(([name, text]) => ({
      about: `scope ${name}`,
      what: `is not one of this server's, so clients go without: add ${JSON.stringify(name)}: ${JSON.stringify(text)} to "scopes" in the seed file first`,
    }));
}

async function tell(
  { terminal }: Operator,
  report: Report,
  isTrial: boolean,
  hasClients: boolean,
): Promise<void> {
  const said = ({ added, there, refused }: Count) =>
    `${added} ${isTrial ? 'would be added' : 'added'}, ${there} there already, ${refused} cannot be taken`;
  if (hasClients) await terminal.write(`clients  ${said(report.clients)}\n`);
  await terminal.write(`people   ${said(report.people)}\n`);
  if (report.remarks.length > 0) {
    await terminal.write('\nNot taken, or not as it was:\n');
    for (const line of remarkLines(report.remarks)) await terminal.write(`  ${cell(line)}\n`);
  }
  if (isTrial) terminal.tell('\nNothing was written. Add --apply to import it.');
}

/** How many people are named for a remark that is about many. */
const NAMED = 3;

/** What is said of one, said of several. */
function ofMany(what: string): string {
  return what.replace(/^(is|has)(?= )/, (verb) => (verb === 'is' ? 'are' : 'have'));
}

/** A line for each remark; of people one for each kind, with some who are meant. */
function remarkLines(remarks: readonly Remark[]): string[] {
  const isOfUser = ({ about }: Remark) => about.startsWith('user ');
  const others = remarks.filter((one) => !isOfUser(one));
  const groups = Map.groupBy(remarks.filter(isOfUser), ({ what }) => what);
  const ofUsers = [...groups].map(([what, all]) => {
    const names = all.slice(0, NAMED).map(({ about, place }) => {
      const name = about.replace(/^user /, '');
      return place === undefined ? name : `${name}, ${place}`;
    });
    const more = all.length - names.length;
    const isOne = all.length === 1;
    const count = isOne ? 'user' : `${all.length} users`;
    return `${count} (${names.join('; ')}${more > 0 ? ` and ${more} more` : ''}): ${isOne ? what : ofMany(what)}`;
  });
  return [...others.map(({ about, what }) => `${about}: ${what}`), ...ofUsers];
}
