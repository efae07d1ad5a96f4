import { join } from "node:path";
import { freePort, isListening } from "../../start/listening.ts";

/** Milliseconds between two tries whether the server listens. */
const LOOK_EVERY = 20;

const SAMPLE = "site/public/samples/street.png";

/** A server that was just started. */
export interface FreshServer extends AsyncDisposable {
  readonly origin: string;
  /** Milliseconds from the start of its process to its first answer. */
  readonly listeningMs: number;
  /** Milliseconds of a gradient of a network. @throws {Error} What the server refuses. */
  timeMap(model: string): Promise<number>;
}

/**
 * `deno task start` in the folder of a version of this project, whose site is built.
 *
 * @throws {Error} If it ends before it listens; with what it said.
 */
export async function startServer(root: string, signal: AbortSignal): Promise<FreshServer> {
  const port = freePort();
  const origin = `http://127.0.0.1:${port}`;
  const image = new Blob([await Deno.readFile(join(root, SAMPLE))]);
  const started = performance.now();
  const process = new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "start"],
    cwd: root,
    env: { BACKEND: "wasm", NO_COLOR: "1", PORT: `${port}` },
    stdout: "null",
    stderr: "null",
  }).spawn();
  let hasEnded = false;
  const ended = process.status.then(() => void (hasEnded = true));
  const end = async () => {
    if (!hasEnded) process.kill("SIGTERM");
    await ended;
  };
  while (!await isListening(origin)) {
    if (hasEnded) throw new Error(`Cannot start the server in ${root}: it ends at once`);
    if (signal.aborted) await end();
    signal.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
  }
  const listeningMs = performance.now() - started;
  const timeMap = async (model: string) => {
    const begun = performance.now();
    const body = new FormData();
    body.set("model", model);
    body.set("image", image, "image");
    const response = await fetch(`${origin}/api/gradient`, { method: "POST", body, signal });
    const said = await response.text();
    if (!response.ok) throw new Error(`Cannot time a map of ${model}: ${said.trim()}`);
    return performance.now() - begun;
  };
  return { origin, listeningMs, timeMap, [Symbol.asyncDispose]: end };
}
