import type { RunEvent, RunResult } from "../shared/api/mod.ts";
import { problemOf } from "./problem_response.ts";

/** Tells the client about a step. */
export type Emit = (event: RunEvent) => void;

/**
 * The events of a job as `application/x-ndjson`, the result or the problem last.
 *
 * @param run The job. It gets going at once; the response is there with its first event.
 * @param onGone Called when the client does not read on.
 * @throws What `run` throws before its first event, so that it can still become a status.
 */
export async function eventStream(
  run: (emit: Emit) => Promise<RunResult>,
  onGone: () => void,
): Promise<Response> {
  const encoder = new TextEncoder();
  const begun = Promise.withResolvers<void>();
  let gone = false;
  let send!: (line: string) => void;
  let close!: () => void;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      send = (line) => controller.enqueue(encoder.encode(line));
      close = () => controller.close();
    },
    cancel() {
      gone = true;
      onGone();
    },
  });
  const emit: Emit = (event) => {
    begun.resolve();
    if (!gone) send(`${JSON.stringify(event)}\n`);
  };
  const ended = run(emit).then((result) => emit({ type: "result", result }));
  ended.catch((error) => {
    // No-op when the response is on its way; then the problem is its last line.
    begun.reject(error);
    if (!gone) emit({ type: "error", problem: problemOf(error) });
  }).finally(() => !gone && close());
  await begun.promise;
  return new Response(body, {
    headers: { "Content-Type": "application/x-ndjson", "Cache-Control": "no-store" },
  });
}
