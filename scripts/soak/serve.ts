import { fileURLToPath } from "node:url";
import { modelFolders } from "../../models/folders.ts";
import { freePort, isListening } from "../start/listening.ts";
import { serveArguments } from "../start/serve_arguments.ts";

/** Where parts of a job go, among servers that belong together. */
const SECRET = "a secret of the soak test";

/** A server under load. */
export interface SoakServer extends AsyncDisposable {
  readonly origin: string;
  readonly pid: number;
  /** What it has said on standard error, at most the last 4,000 characters. */
  said(): string;
}

/** Ways of serving: how many processes, and isolates in each (0: one for each core). */
export const SERVINGS = {
  one: { processes: 1, isolates: 0 },
  three: { processes: 3, isolates: 1 },
} as const satisfies Record<string, { readonly processes: number; readonly isolates: number }>;

/** Starts processes that know each other, as docs/hosting.md has them. */
export async function serve(serving: keyof typeof SERVINGS): Promise<readonly SoakServer[]> {
  const { processes, isolates } = SERVINGS[serving];
  const ports = Array.from({ length: processes }, freePort);
  const origins = ports.map((port) => `http://127.0.0.1:${port}`);
  const servers = ports.map((port) => start(port, origins, isolates));
  await Promise.all(servers.map(({ origin }) => isUp(origin)));
  return servers;
}

function start(port: number, workers: readonly string[], isolates: number): SoakServer {
  const { mirror, cache, own } = modelFolders();
  const folders = [mirror, cache, own].filter((folder) => folder !== undefined);
  const child = new Deno.Command(Deno.execPath(), {
    args: serveArguments({ hostname: "127.0.0.1", port, folders, workers }),
    env: {
      FANOUT_URL: workers.join(),
      FANOUT_SECRET: SECRET,
      BACKEND: "wasm",
      ...isolates > 0 && { DENO_JOBS: `${isolates}` },
    },
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    stdout: "null",
    stderr: "piped",
  }).spawn();
  let words = "";
  const reading = (async () => {
    for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
      words = (words + text).slice(-4000);
    }
  })();
  return {
    origin: `http://127.0.0.1:${port}`,
    pid: child.pid,
    said: () => words,
    async [Symbol.asyncDispose]() {
      try {
        child.kill("SIGKILL");
      } catch {
        // It has ended.
      }
      await Promise.all([child.status, reading]);
    },
  };
}

/** Waits for a server, two minutes at most. */
async function isUp(origin: string): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt++) {
    if (await isListening(origin)) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`Cannot start the server at ${origin}`);
}
