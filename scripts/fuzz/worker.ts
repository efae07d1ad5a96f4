/** Runs inputs one after the other. What hangs here is seen from outside, by the shared position. */
import { isExpected } from "./target.ts";
import { forgetLocation } from "../forget_location.ts";
import type { Finding, FuzzJob } from "./job.ts";
import { makeInput, seedsOf } from "./make_input.ts";
import { TARGETS } from "./targets/mod.ts";

/** What a worker is told, and shares. */
export interface WorkerOrder {
  readonly job: FuzzJob;
  /** [number of the input that runs now, how many were accepted]; at the start -1. */
  readonly position: Int32Array<SharedArrayBuffer>;
}

export type WorkerReport = Finding | "done";

forgetLocation();

const scope = globalThis as unknown as Worker;

scope.onmessage = async ({ data: { job, position } }: MessageEvent<WorkerOrder>) => {
  const target = TARGETS.find(({ name }) => name === job.target)!;
  const seeds = await seedsOf(target, job.corpus);
  // What the first run loads and compiles is no input's fault.
  await Promise.resolve(target.run(new Uint8Array(seeds[0]))).catch(() => {});
  for (let index = job.from; index < job.to; index++) {
    const bytes = makeInput(target, seeds, job, index);
    Atomics.store(position, 0, index);
    if (job.isTold) Deno.stderr.writeSync(new TextEncoder().encode(`#${index}\n`));
    try {
      await target.run(bytes);
      Atomics.add(position, 1, 1);
    } catch (error) {
      if (!isExpected(error)) report({ ...job, index, kind: "error", message: described(error) });
    }
  }
  Atomics.store(position, 0, job.to);
  scope.postMessage("done" satisfies WorkerReport);
};

function report({ target, seed, index, kind, message }: Finding): void {
  scope.postMessage({ target, seed, index, kind, message } satisfies WorkerReport);
}

/** The error with the places that it came from. */
function described(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const places = error.stack?.split("\n").filter((line) => /^\s+at /.test(line)).slice(0, 6) ?? [];
  const at = places.map((line) =>
    line.trim().replace(/\(?file:\/\/\S*?\/(?=shared|functions|scripts)/, "(")
  );
  return [`${error.name}: ${error.message.slice(0, 300)}`, ...at].join("\n  ");
}
