import { quietGraphics } from "../quiet_graphics.ts";
import { printable } from "../../shared/printable.ts";
import { interruptible, Interruption } from "./interruption.ts";

/** The command line itself is wrong: exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/**
 * Does the whole work of a command line; errors become one line on standard error.
 *
 * @param help What to try after wrong usage: "cli --help".
 * @returns 0 done, 1 failed, 2 wrong usage, 130 interrupted.
 */
export async function exitCode(
  job: (signal: AbortSignal) => Promise<void>,
  help: string,
): Promise<number> {
  quietGraphics();
  try {
    await interruptible(job);
    return 0;
  } catch (error) {
    const line = error instanceof Error ? error.message : String(error);
    console.error(printable(line.replaceAll(/\s*\n\s*/g, "; ")));
    if (error instanceof Interruption) return 130;
    if (!(error instanceof UsageError)) return 1;
    console.error(`Try: ${help}`);
    return 2;
  }
}
