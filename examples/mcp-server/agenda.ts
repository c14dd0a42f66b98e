// The tools: what an assistant can do with the appointments of the person whose token it has.

import { McpServer, type McpServerFactory } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { appointmentsOf, book, readAppointment } from '../resource-server/appointments.ts';

/** The scopes that each tool needs, all of them: a client that has too few asks for them at once. */
export const TOOLS = {
  list_appointments: ['read'],
  make_appointment: ['read', 'write'],
} as const;

const text = (words: string) => ({ content: [{ type: 'text' as const, text: words }] });

/** Makes the server that answers one request. */
export const createAgenda: McpServerFactory = ({ authInfo }) => {
  const owner = String(authInfo?.extra?.['owner']);
  const server = new McpServer({ name: 'agenda', version: '1.0.0' });

  const list = { description: 'The appointments there are, the next one first.' };
  server.registerTool('list_appointments', list, () => {
    const lines = appointmentsOf(owner).map(
      ({ starts, title, place }) => `${starts} ${title}, ${place}`,
    );
    return text(lines.join('\n') || 'There are no appointments.');
  });

  const make = {
    description: 'Makes an appointment.',
    inputSchema: z.object({
      title: z.string().describe('What it is'),
      place: z.string().describe('Where it is'),
      starts: z.string().describe('When it starts, as ISO 8601 has it'),
    }),
  };
  server.registerTool('make_appointment', make, (given) => {
    const appointment = readAppointment(given);
    if (appointment === undefined) return { ...text('No such time.'), isError: true };
    book(owner, appointment);
    return text(`${appointment.title} is in the agenda.`);
  });
  return server;
};
