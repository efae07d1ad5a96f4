import type { RunEvent, RunResult } from "../../shared/api/mod.ts";
import { problemOf } from "../problems.ts";
import { EventQueue } from "./event_queue.ts";
import { EVENTS, type Format, sleep } from "./formats.ts";
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
    await (format.grace === undefined
      ? result
      : Promise.race([result, begun.promise.then(() => sleep(format.grace!))]));
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
    headers: {
      ...headers,
      "Content-Type": format.type,
      "Cache-Control": "no-store",
      "Vary": "Accept",
    },
  });
}
