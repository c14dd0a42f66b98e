// What the API has for the person who is signed in, and how a page shows it.

import type { Request } from 'express';
import { SignInIsOver, Unavailable } from './problems.ts';
import type { Server } from './server.ts';
import type { Settings } from './settings.ts';
import { renew } from './tokens.ts';

interface Appointment {
  readonly title: string;
  readonly place: string;
  readonly starts: string;
}

/**
 * Asks the API.
 *
 * @throws SignInIsOver where the person has to sign in again
 * @throws Unavailable where the API does not answer
 */
export async function fetchAppointments(
  req: Request,
  server: Server,
  { resource }: Settings,
): Promise<Appointment[]> {
  const { tokens } = req.session;
  if (tokens === undefined) throw new SignInIsOver();
  let answer = await get(resource, tokens.accessToken);
  // It has expired, most likely. The API is the one to say: it goes by its own clock.
  if (answer.status === 401) {
    answer = await get(resource, await renew(req, tokens.accessToken, server));
  }
  if (!answer.ok) {
    throw new Error(
      `The API answered with ${answer.status} ${answer.headers.get('www-authenticate') ?? ''}`,
    );
  }
  return (await answer.json()).appointments;
}

async function get(resource: string, accessToken: string): Promise<Response> {
  try {
    const answer = await fetch(`${resource}/appointments`, {
      headers: { authorization: `Bearer ${accessToken}` },
      signal: AbortSignal.timeout(5000),
    });
    if (answer.status < 500) return answer;
    throw new Error(`It answered with ${answer.status}.`);
  } catch (cause) {
    throw new Unavailable('The API does not answer.', { cause });
  }
}

const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat('en-GB', options);
const WHOLE_DAY = format({ weekday: 'long', day: 'numeric', month: 'long' });
const WEEKDAY = format({ weekday: 'short' });
const DAY = format({ day: 'numeric' });
const MONTH = format({ month: 'short' });
const TIME = format({ hour: '2-digit', minute: '2-digit' });

/** The appointments as a page shows them: day by day, in the time zone of this server. */
export function byDay(appointments: readonly Appointment[]) {
  const days = Object.groupBy(appointments, ({ starts }) => new Date(starts).toDateString());
  return Object.entries(days).map(([day, all = []]) => {
    const date = new Date(day);
    return {
      label: WHOLE_DAY.format(date),
      weekday: WEEKDAY.format(date),
      day: DAY.format(date),
      month: MONTH.format(date),
      appointments: all.map(({ title, place, starts }) => ({
        title,
        place,
        starts,
        time: TIME.format(new Date(starts)),
      })),
    };
  });
}
