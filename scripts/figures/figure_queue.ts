import { Queue, QueueEvents, Worker } from "bullmq";
import { Redis } from "ioredis";
import type { FigureJob } from "./job.ts";

/** Name of the queue, and of its keys on the server. */
export const NAME = "convscope-figures";

/** A job is given up after this many tries: its worker may die, or its machine lack the network. */
const TRIES = 3;

/** What a worker says when a figure is there. */
export interface FigureDone {
  readonly seconds: number;
}

/**
 * Connects to a Redis or Valkey.
 *
 * @param address `redis://[user:password@]host[:port][/database]`, or `rediss:` over TLS.
 * @throws {RangeError} If it is no such address.
 */
export function connect(address: string): Redis {
  const url = URL.parse(address);
  if (!url || !["redis:", "rediss:"].includes(url.protocol)) {
    throw new RangeError(
      `Cannot use the queue "${address}": expected redis://host:port, of a Redis or Valkey`,
    );
  }
  // BullMQ's workers wait for jobs without a limit.
  const connection = new Redis(address, { maxRetriesPerRequest: null });
  let isTold = false;
  connection.on("error", (error) => {
    if (!isTold) console.error(`The queue at ${url.host} does not answer: ${error.message}`);
    isTold = true;
  });
  connection.on("ready", () => isTold = false);
  return connection;
}

export function openQueue(connection: Redis): Queue<FigureJob, FigureDone> {
  return new Queue(NAME, {
    connection,
    defaultJobOptions: { attempts: TRIES, removeOnComplete: true, removeOnFail: true },
  });
}

export function openEvents(connection: Redis): QueueEvents {
  return new QueueEvents(NAME, { connection });
}

/**
 * Takes jobs, one at a time, until it is closed.
 *
 * @param lockMs After this time without a sign of a worker, its job is given to another.
 */
export function openWorker(
  connection: Redis,
  make: (job: FigureJob) => Promise<FigureDone>,
  lockMs: number,
): Worker<FigureJob, FigureDone> {
  return new Worker(NAME, (job) => make(job.data), {
    connection,
    lockDuration: lockMs,
    stalledInterval: lockMs / 2,
    maxStalledCount: TRIES,
  });
}
