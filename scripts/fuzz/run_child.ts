import { fileURLToPath } from "node:url";
import type { FuzzEvent, FuzzJob } from "./job.ts";

const CHILD = fileURLToPath(new URL("./child.ts", import.meta.url));

/** MiB of V8's heap: it would rather take more memory than look for what is free. */
const HEAP = 800;

/** How a process ended. */
export interface ChildEnd {
  /** Number of the input that it was at. */
  readonly index: number;
  /** Whether it ended by itself. */
  readonly isWhole: boolean;
  /** The last that it wrote to standard error. */
  readonly words: string;
}

/** Runs a job in a process of its own. */
export async function runChild(
  job: FuzzJob,
  onEvent: (event: FuzzEvent) => void,
  signal: AbortSignal,
): Promise<ChildEnd> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--allow-read", "--allow-env", "--allow-sys"],
      ...[`--v8-flags=--max-old-space-size=${HEAP}`, CHILD, JSON.stringify(job)],
    ],
    stdout: "piped",
    stderr: "piped",
    signal,
  }).spawn();
  const stderr = new Response(child.stderr).text();
  let index = job.from;
  for await (const line of lines(child.stdout)) {
    const event: FuzzEvent = JSON.parse(line);
    if (event.type === "at") index = Math.max(index, event.index);
    onEvent(event);
  }
  const { success } = await child.status;
  return { index, isWhole: success, words: (await stderr).trim().slice(-600) };
}

/** The lines of a stream of text; the last may lack its end. */
async function* lines(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<string> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + text).split("\n");
    rest = parts.pop()!;
    yield* parts;
  }
  if (rest !== "") yield rest;
}
