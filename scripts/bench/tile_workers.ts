import { fileURLToPath } from "node:url";
const MAIN = fileURLToPath(new URL("../../functions/main.ts", import.meta.url));

/** What `deno serve` says once it listens. */
const LISTENING = /Listening on http:\/\/\S+:(\d+)/;

/** Processes that evaluate tiles, each with one isolate at a port of its own. */
export class TileWorkers implements AsyncDisposable {
  readonly #processes: readonly Deno.ChildProcess[];

  private constructor(
    processes: readonly Deno.ChildProcess[],
    /** Where each takes tiles. */
    readonly origins: readonly string[],
  ) {
    this.#processes = processes;
  }

  /**
   * Starts `count` workers that take tiles signed with `secret`.
   *
   * @throws {Error} If one ends before it listens; with what it said.
   */
  static async start(count: number, secret: string, backend: string): Promise<TileWorkers> {
    const processes = Array.from({ length: count }, () =>
      new Deno.Command(Deno.execPath(), {
        args: ["serve", "--host", "127.0.0.1", "--port", "0", ...PERMISSIONS, MAIN],
        env: { FANOUT_SECRET: secret, BACKEND: backend, NO_COLOR: "1" },
        stdout: "null",
        stderr: "piped",
      }).spawn());
    try {
      const ports = await Promise.all(processes.map(listeningPort));
      return new TileWorkers(processes, ports.map((port) => `http://127.0.0.1:${port}`));
    } catch (error) {
      await end(processes);
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await end(this.#processes);
  }
}

const NATIVE = fileURLToPath(new URL("../../.cache/native", import.meta.url));

const PERMISSIONS = [
  ...["--allow-read", "--allow-env", "--allow-net=127.0.0.1"],
  `--allow-ffi=${NATIVE}`,
];

/** The port from the worker's log; goes on reading, so that the worker never waits for a reader. */
async function listeningPort(process: Deno.ChildProcess): Promise<string> {
  const reader = process.stderr.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`Cannot start a tile worker: it ends with "${text.trim()}"`);
    text += value;
    const port = LISTENING.exec(text)?.[1];
    if (port === undefined) continue;
    void drain(reader);
    return port;
  }
}

async function drain(reader: ReadableStreamDefaultReader<string>): Promise<void> {
  while (!(await reader.read()).done);
}

async function end(processes: readonly Deno.ChildProcess[]): Promise<void> {
  for (const process of processes) {
    try {
      process.kill("SIGTERM");
    } catch (error) {
      // It has ended by itself.
      if (!(error instanceof TypeError)) throw error;
    }
  }
  await Promise.all(processes.map((process) => process.status));
}
