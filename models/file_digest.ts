import { createHash } from "node:crypto";
import { DIGEST_ENDING } from "./folders.ts";

/** Digests of files by path; valid while size and time stay the same. */
const known = new Map<string, { readonly stamp: string; readonly sha256: string }>();

/**
 * SHA-256 of a network's file: the one that was written down when it was fetched, else of what is
 * read, piece by piece, once for each change of the file.
 */
export async function digestOf(path: string): Promise<string> {
  const recorded = await Deno.readTextFile(path + DIGEST_ENDING).catch(() => undefined);
  if (recorded !== undefined) return recorded.trim();
  const { size, mtime } = await Deno.stat(path);
  const stamp = `${size} ${mtime?.getTime()}`;
  const before = known.get(path);
  if (before?.stamp === stamp) return before.sha256;
  const hash = createHash("sha256");
  const file = await Deno.open(path);
  for await (const piece of file.readable) hash.update(piece);
  const sha256 = hash.digest("hex");
  known.set(path, { stamp, sha256 });
  return sha256;
}
