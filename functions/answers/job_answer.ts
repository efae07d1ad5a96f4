import type { RunEvent, RunResult } from "../../shared/api/mod.ts";
import { problemOf } from "../problem_response.ts";
import { EventQueue, pieces } from "./event_queue.ts";
import { pacedStream } from "./paced_stream.ts";

/** Tells the client about a step. */
export type Emit = (event: RunEvent) => void;

/** A job, which tells its steps. */
export type Run = (emit: Emit) => Promise<RunResult>;

export interface JobAnswerOptions {
  readonly headers: Readonly<Record<string, string>>;
  /** Seconds that the client may take to read one piece. */
  readonly stallSeconds: number;
  /** Called when the client is gone, or given up, before it has read all. */
  readonly onGone: () => void;
  /** Called once, when the answer is sent or given up. */
  readonly onEnd: () => void;
}

/** How an answer is written. */
interface Format {
  readonly type: string;
  /** Milliseconds from the first step in which a failure still becomes a status. */
  readonly grace: number;
  body(queue: EventQueue, last: () => Promise<RunEvent>): AsyncGenerator<Uint8Array<ArrayBuffer>>;
}

/**
 * Milliseconds between two signs of life. Deno notices that a client is gone only when it writes,
 * and the first write to a closed connection still succeeds.
 */
const HEARTBEAT = 300;

const encoder = new TextEncoder();

/** Every step as a line of JSON, the result or the problem last. */
export const EVENTS: Format = {
  type: "application/x-ndjson",
  grace: 0,
  async *body(queue, last) {
    last().then((event) => {
      queue.push(event);
      queue.close();
    });
    yield* queue.lines();
  },
};

/** One JSON document, after white space for as long as the job runs. */
export const DOCUMENT: Format = {
  type: "application/json",
  grace: 500,
  async *body(_queue, last) {
    let event: RunEvent | undefined;
    const ended = last().then((last) => event = last);
    while (!event) {
      yield encoder.encode(" ");
      await Promise.race([ended, sleep(HEARTBEAT)]);
    }
    const value = event.type === "result" ? event.result : event.type === "error" && event.problem;
    yield* pieces(encoder.encode(JSON.stringify(value)));
  },
};

/**
 * Runs a job and sends what it finds, at the speed at which the client reads.
 *
 * @throws What `run` throws before its first step or within the grace of the format, so that it can
 * still become a status; later, the problem is the end of the answer.
 */
export async function jobAnswer(
  run: Run,
  format: Format,
  { headers, stallSeconds, onGone, onEnd }: JobAnswerOptions,
): Promise<Response> {
  const begun = Promise.withResolvers<void>();
  const queue = new EventQueue();
  const result = run((event) => {
    begun.resolve();
    if (format === EVENTS) queue.push(event);
  });
  const last = () =>
    result.then<RunEvent, RunEvent>(
      (result) => ({ type: "result", result }),
      (error) => ({ type: "error", problem: problemOf(error) }),
    );
  try {
    await Promise.race([result, begun.promise.then(() => sleep(format.grace))]);
  } catch (error) {
    onEnd();
    throw error;
  }
  const body = pacedStream(format.body(queue, last), {
    seconds: stallSeconds,
    async onEnd(isComplete) {
      if (!isComplete) onGone();
      // A job that hears that its client is gone still takes a moment to end.
      await result.catch(() => {});
      onEnd();
    },
  });
  return new Response(body, {
    headers: { ...headers, "Content-Type": format.type, "Cache-Control": "no-store" },
  });
}

const sleep = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
