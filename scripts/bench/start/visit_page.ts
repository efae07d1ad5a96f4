import { fileURLToPath } from "node:url";

const VISIT = fileURLToPath(new URL("visit.ts", import.meta.url));
const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** Milliseconds from the address of the workbench to the first map that it computes. */
export interface Visit {
  /** Nothing in the browser's cache. */
  readonly pageMs: number;
  /** Again, by a browser that has been there. */
  readonly returnMs: number;
}

/**
 * Visits the workbench with a fresh Chromium, in a process of its own: to drive a browser needs
 * every permission.
 *
 * @throws {Error} What the process said, if it failed.
 */
export async function visitPage(
  origin: string,
  model: string,
  signal: AbortSignal,
): Promise<Visit> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", VISIT, origin, model],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
    signal,
  }).output();
  const said = new TextDecoder().decode(success ? stdout : stderr).trim();
  if (!success) throw new Error(`Cannot time the page: ${said}`);
  return JSON.parse(said);
}
