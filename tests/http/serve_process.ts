import { fileURLToPath } from "node:url";
import { freePort, isListening } from "../../scripts/start/listening.ts";

/** A `deno serve` process of a test. */
export interface ServeProcess extends AsyncDisposable {
  readonly origin: string;
  /** What it has printed so far. */
  readonly output: () => string;
  /** Status that it ended with. */
  readonly status: Promise<number>;
  send(signal: Deno.Signal): void;
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>;
}

/**
 * Serves `module` in a process of its own, and waits until it answers.
 *
 * @param env Added to the environment.
 * @param args Further arguments of `deno serve`.
 */
export async function serveProcess(
  module: URL,
  env: Record<string, string>,
  args: readonly string[] = [],
  port = freePort(),
): Promise<ServeProcess> {
  const origin = `http://127.0.0.1:${port}`;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["serve", "-A", `--port=${port}`, "--host=127.0.0.1", ...args, fileURLToPath(module)],
    env,
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let output = "";
  const read = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>) => {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) output += text;
  };
  const reading = Promise.all([read(child.stdout), read(child.stderr)]);
  let ended = false;
  const end = child.status.then(() => ended = true);
  const kill = async () => {
    if (!ended) child.kill("SIGKILL");
    await Promise.all([end, reading]);
  };
  for (let attempt = 0; !await isListening(origin); attempt++) {
    if (ended || attempt > 300) {
      await kill();
      throw new Error(`Cannot start the server: ${output}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    origin,
    output: () => output,
    status: child.status.then(({ code }) => code),
    send: (signal) => child.kill(signal),
    kill,
    [Symbol.asyncDispose]: kill,
  };
}
