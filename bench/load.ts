// The load, in a process of its own, pinned to the other core. It is told by messages what to
// measure, one thing after the other, and answers each with what it measured.

import { conversation, type Person } from './jobs.ts';
import { cpuOf, residentOf } from './proc.ts';
import type { Row } from './target.ts';
import { Wire } from './wire.ts';

export interface Order {
  readonly row: Row;
  readonly port: number;
  /** The server's, whose processor time and memory are read. */
  readonly pid: number;
  readonly people: readonly Person[];
  readonly connections: number;
  /** Seconds before it is counted, and seconds in which it is. */
  readonly warm: number;
  readonly seconds: number;
  /** Units per second at fixed times; if absent, each connection asks again once it has its answer. */
  readonly rate?: number;
}

export interface Measured {
  readonly count: number;
  readonly seconds: number;
  /** Microseconds of the server's processor per unit. */
  readonly user: number;
  readonly system: number;
  /** Microseconds until a unit was answered. */
  readonly p50: number;
  readonly p99: number;
  readonly mean: number;
  /** MiB, at the end. */
  readonly memory: number;
  /** How much of its own core the load was busy, from 0 to 1. */
  readonly loadBusy: number;
}

/** Runs one order. An answer that is not what it should be ends it with an error. */
function measure(order: Order): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const latencies: number[] = [];
    const begin = performance.now();
    let start = Number.POSITIVE_INFINITY;
    let cpuAtStart = { user: 0, system: 0 };
    let ownAtStart = process.cpuUsage();
    let isOver = false;
    /** Units that are due, by their time, while no connection is free; for the open loop only. */
    const due: number[] = [];
    let nextDue = begin;

    const fail = (error: unknown) => {
      isOver = true;
      for (const { wire } of talkers) wire.close();
      reject(error);
    };

    const finish = () => {
      isOver = true;
      const seconds = (performance.now() - start) / 1000;
      const cpu = cpuOf(order.pid);
      const own = process.cpuUsage(ownAtStart);
      for (const { wire } of talkers) wire.close();
      const count = latencies.length;
      if (count === 0) return reject(new Error('Nothing was answered in time.'));
      const sorted = Float64Array.from(latencies).sort();
      return resolve({
        count,
        seconds,
        user: ((cpu.user - cpuAtStart.user) * 1000) / count,
        system: ((cpu.system - cpuAtStart.system) * 1000) / count,
        p50: sorted[Math.floor(count * 0.5)]!,
        p99: sorted[Math.floor(count * 0.99)]!,
        mean: sorted.reduce((sum, one) => sum + one, 0) / count,
        memory: residentOf(order.pid),
        loadBusy: (own.user + own.system) / (seconds * 1e6),
      });
    };

    const makeTalker = (index: number) => {
      const own = order.people.filter((_, at) => at % order.connections === index);
      const talk = conversation(order.row, own);
      let asked = 0;
      /** Whether the setting up is done: only then does it wait for its turn. */
      let isReady = false;
      let isIdle = false;
      const send = () => wire.send(talk.next());
      const unit = (at: number) => {
        isIdle = false;
        asked = at;
        send();
      };
      const wire = new Wire(
        order.port,
        (answer) => {
          try {
            const isUnit = talk.take(answer);
            if (isOver) return;
            const now = performance.now();
            if (isUnit && now >= start) latencies.push((now - asked) * 1000);
            isReady ||= isUnit;
            if (!isUnit) return send();
            if (order.rate === undefined) return unit(now);
            const at = due.shift();
            if (at !== undefined) return unit(at);
            isIdle = true;
          } catch (error) {
            fail(error);
          }
        },
        fail,
      );
      return { wire, unit, isFree: () => isReady && isIdle };
    };
    const talkers = Array.from({ length: order.connections }, (_, index) => makeTalker(index));
    for (const { unit } of talkers) unit(performance.now());

    setTimeout(() => {
      if (isOver) return;
      start = performance.now();
      cpuAtStart = cpuOf(order.pid);
      ownAtStart = process.cpuUsage();
      setTimeout(() => {
        if (!isOver) finish();
      }, order.seconds * 1000);
    }, order.warm * 1000);

    /** Looks all the time which units are due: a timer would be a millisecond late. */
    const tick = () => {
      if (isOver) return;
      const now = performance.now();
      for (; nextDue <= now; nextDue += 1000 / order.rate!) {
        const free = talkers.find((talker) => talker.isFree());
        if (free === undefined) due.push(nextDue);
        else free.unit(nextDue);
      }
      setImmediate(tick);
    };
    if (order.rate !== undefined) tick();
  });
}

process.on('message', (order: Order) => {
  measure(order).then(
    (measured) => process.send!({ measured }),
    (error) => process.send!({ error: String(error?.stack ?? error) }),
  );
});
