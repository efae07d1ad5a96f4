import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Lines that an error quotes. */
const QUOTED = 8;

export interface RunDenoOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** What it says, line by line. @default nowhere */
  readonly onLine?: (line: string) => void;
}

/**
 * Runs `deno` in the project's folder, in a process of its own.
 *
 * @throws {Error} "<action>: <the end of what it said>" if it fails; or the signal's reason.
 */
export async function runDeno(
  action: string,
  args: readonly string[],
  { env = {}, signal, onLine = () => {} }: RunDenoOptions = {},
): Promise<void> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: ROOT,
    env: { NO_COLOR: "1", ...env },
    stdout: "piped",
    stderr: "piped",
    signal,
  }).spawn();
  const said: string[] = [];
  const listen = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>) => {
    for await (const line of createInterface({ input: Readable.fromWeb(stream as never) })) {
      if (line.trim() === "") continue;
      said.push(line.trimEnd());
      onLine(line.trimEnd());
    }
  };
  const [{ success }] = await Promise.all([
    child.status,
    listen(child.stdout),
    listen(child.stderr),
  ]);
  signal?.throwIfAborted();
  if (!success) throw new Error(`${action}: ${said.slice(-QUOTED).join("; ")}`);
}
