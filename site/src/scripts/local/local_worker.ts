/**
 * Runs methods in the visitor's browser; the image never leaves the device.
 *
 * @module
 */
import type { LocalEvent, LocalRequest } from "./messages.ts";
import { localProblem } from "./local_problem.ts";
import { runJob } from "./run_job.ts";

const scope = self as unknown as {
  onmessage: (event: MessageEvent<LocalRequest>) => void;
  postMessage(event: LocalEvent): void;
};

const emit = (event: LocalEvent) => scope.postMessage(event);

let current = new AbortController();

scope.onmessage = async ({ data: request }) => {
  if (request.type === "abort") return current.abort();
  current = new AbortController();
  try {
    emit({ type: "result", result: await runJob(request.job, current.signal, emit) });
  } catch (error) {
    emit({ type: "error", problem: localProblem(error) });
  }
};
