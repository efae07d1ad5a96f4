import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../functions/main.ts", import.meta.url));

/** What `deno serve` says once it listens. */
const LISTENING = /Listening on http:\/\/\S+:(\d+)/;

/** The site and the functions as a process of its own, at a free port. */
export interface PageServer extends AsyncDisposable {
  readonly origin: string;
}

/** @throws {Error} If it ends before it listens; with what it said. */
export async function startPageServer(): Promise<PageServer> {
  const process = new Deno.Command(Deno.execPath(), {
    args: [
      ...["serve", "--host", "127.0.0.1", "--port", "0"],
      ...["--allow-read", "--allow-env", "--allow-net=127.0.0.1", MAIN],
    ],
    env: { BACKEND: "wasm", NO_COLOR: "1" },
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const end = async () => {
    process.kill("SIGTERM");
    await process.status;
  };
  const reader = process.stderr.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`Cannot start the server: it ends with "${text.trim()}"`);
    text += value;
    const port = LISTENING.exec(text)?.[1];
    if (port === undefined) continue;
    void drain(reader);
    return { origin: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: end };
  }
}

/** Reads on, so that the server never waits for a reader of its log. */
async function drain(reader: ReadableStreamDefaultReader<string>): Promise<void> {
  while (!(await reader.read()).done);
}
