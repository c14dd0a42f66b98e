// The appointments, in memory. A real API has them in a database.

export interface Appointment {
  readonly title: string;
  readonly place: string;
  /** ISO 8601. */
  readonly starts: string;
}

const APPOINTMENTS = new Map<string, Appointment[]>([
  [
    'person:alice',
    [
      { title: 'Croquet with the Queen', place: 'Royal lawn', starts: inDays(3, 10, 30) },
      { title: 'Tea with the Hatter', place: 'Under the tree', starts: inDays(1, 18) },
      { title: 'Quadrille', place: 'By the sea', starts: inDays(3, 16, 15) },
    ],
  ],
  [
    'client:front-desk',
    [{ title: 'Window cleaning', place: 'Entrance', starts: inDays(2, 7, 30) }],
  ],
]);

/** What a person or a client has coming, the next one first. */
export function appointmentsOf(owner: string): Appointment[] {
  const appointments = APPOINTMENTS.get(owner) ?? [];
  return appointments.toSorted((one, other) => one.starts.localeCompare(other.starts));
}

export function book(owner: string, appointment: Appointment): void {
  APPOINTMENTS.set(owner, [...(APPOINTMENTS.get(owner) ?? []), appointment]);
}

/** The appointment that a body describes, if it does. */
export function readAppointment(body: unknown): Appointment | undefined {
  const { title, place = '', starts } = (body ?? {}) as Record<string, unknown>;
  if (typeof title !== 'string' || typeof place !== 'string') return undefined;
  const time = new Date(String(starts));
  return Number.isNaN(time.getTime()) ? undefined : { title, place, starts: time.toISOString() };
}

function inDays(days: number, hours: number, minutes = 0): string {
  const time = new Date();
  time.setDate(time.getDate() + days);
  time.setHours(hours, minutes, 0, 0);
  return time.toISOString();
}
