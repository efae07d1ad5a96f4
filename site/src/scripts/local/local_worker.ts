/**
 * Opens networks and runs methods in the visitor's browser; files and images never leave the device.
 *
 * @module
 */
import { warmRuntime } from "../../../../shared/network/warm_runtime.ts";
import { chooseBackend } from "../../../../shared/runtime/mod.ts";
import type { LocalEvent, LocalRequest } from "./messages.ts";
import { localProblem } from "./local_problem.ts";
import { OpenError } from "./open_error.ts";
import { openNetworkFiles } from "./open_network_files.ts";
import { runJob } from "./run_job.ts";

const scope = self as unknown as {
  onmessage: (event: MessageEvent<LocalRequest>) => void;
  postMessage(event: LocalEvent): void;
};

const emit = (event: LocalEvent) => scope.postMessage(event);

let current = new AbortController();

scope.onmessage = async ({ data: request }) => {
  if (request.type === "abort") return current.abort();
  if (request.type === "warm") return await warm();
  current = new AbortController();
  try {
    if (request.type === "run") {
      emit({ type: "result", result: await runJob(request.job, current.signal, emit) });
    } else {
      const stored = await openNetworkFiles(
        request.files,
        request.answers,
        (opening) => emit({ type: "opening", ...opening }),
      );
      emit({ type: "opened", stored });
    }
  } catch (error) {
    const open = error instanceof OpenError
      ? { fault: error.fault, missing: error.missing }
      : undefined;
    emit({ type: "error", problem: localProblem(error), open });
  }
};

/** Has the runtime ready; a job that needs it says what is wrong with it. */
async function warm(): Promise<void> {
  try {
    const { backend } = await chooseBackend();
    await warmRuntime(backend);
  } catch {
    return;
  }
}
