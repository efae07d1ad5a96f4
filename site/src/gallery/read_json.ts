import { readFileSync } from "node:fs";

/** @throws {SyntaxError} If it is not JSON; names the file, and how to make it again. */
export function readJson<T>(path: string): T {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new SyntaxError(
      `Cannot read ${path}: it is not JSON; "deno task figures" makes damaged figures again`,
      { cause },
    );
  }
}
