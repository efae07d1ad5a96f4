import { createHash } from "node:crypto";
import type { KnownError } from "../shared/errors.ts";
import { DIGEST_ENDING } from "./folders.ts";

/** A network's file that is not on this machine, or not the one that its manifest means. */
export class NetworkFileError extends Error implements KnownError {
  override readonly name = "NetworkFileError";

  /** @param message Says what to do about it. */
  constructor(
    readonly kind: "network-missing" | "unusable-network",
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** What a file must be; what is not known is not checked. */
export interface Expected {
  readonly sha256?: string | null;
  readonly bytes?: number | null;
}

export interface CheckedFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly sha256: string;
}

/** Digests of files that were read before, by path; valid while size and time stay the same. */
const known = new Map<string, { readonly stamp: string; readonly sha256: string }>();

/**
 * Reads a network's file and makes sure that it is the one meant. Hashing is skipped for a file
 * that this process has hashed before and that has not changed since.
 *
 * @param action For the message: "Cannot <action>: ...".
 * @param remedy What to do about a wrong file.
 * @throws {NetworkFileError} If there is no such file, or it has another size or digest.
 */
export async function readChecked(
  path: string,
  expected: Expected,
  action: string,
  remedy: string,
): Promise<CheckedFile> {
  const { size, mtime, isFile } = await Deno.stat(path).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new NetworkFileError("network-missing", `Cannot ${action}: there is no such file`, {
      cause: error,
    });
  });
  if (!isFile) throw new NetworkFileError("network-missing", `Cannot ${action}: it is not a file`);
  if (typeof expected.bytes === "number" && size !== expected.bytes) {
    throw new NetworkFileError(
      "unusable-network",
      `Cannot ${action}: ${path} has ${size} bytes, expected ${expected.bytes}; ${remedy}`,
    );
  }
  const bytes = await Deno.readFile(path);
  const stamp = `${size} ${mtime?.getTime()}`;
  const before = known.get(path);
  const digest = before?.stamp === stamp ? before.sha256 : sha256InBlocks(bytes);
  known.set(path, { stamp, sha256: digest });
  if (typeof expected.sha256 === "string" && digest !== expected.sha256) {
    throw new NetworkFileError(
      "unusable-network",
      `Cannot ${action}: ${path} has the SHA-256 ${digest}, expected ${expected.sha256}; ${remedy}`,
    );
  }
  return { bytes, sha256: digest };
}

/**
 * SHA-256 of a network's file: the one that was written down when it was fetched, else of what it
 * holds.
 */
export async function digestOf(path: string): Promise<string> {
  const recorded = await Deno.readTextFile(path + DIGEST_ENDING).catch(() => undefined);
  return recorded?.trim() ?? await measuredDigest(path);
}

/** Files that are being hashed: whoever asks meanwhile waits for the same. */
const underWay = new Map<string, Promise<string>>();

/** SHA-256 of what a file holds, once for each change of the file. */
export async function measuredDigest(path: string): Promise<string> {
  const { size, mtime } = await Deno.stat(path);
  const stamp = `${size} ${mtime?.getTime()}`;
  const before = known.get(path);
  if (before?.stamp === stamp) return before.sha256;
  const key = `${stamp} ${path}`;
  const digest = underWay.get(key) ?? hashFile(path).finally(() => underWay.delete(key));
  underWay.set(key, digest);
  const sha256 = await digest;
  known.set(path, { stamp, sha256 });
  return sha256;
}

/** Read piece by piece. */
async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  const file = await Deno.open(path);
  for await (const piece of file.readable) hash.update(piece);
  return hash.digest("hex");
}

/**
 * The JSON of a file; undefined if there is no such file.
 *
 * @throws {NetworkFileError} If it is not JSON.
 */
export async function readJson(path: string | URL): Promise<unknown> {
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new NetworkFileError(
      "unusable-network",
      `Cannot read ${path}: it is not JSON; correct it, or fetch it again`,
      { cause: error },
    );
  }
}

/** Bytes that are hashed at a time. */
const BLOCK = 2 ** 20;

/** In blocks: Web Crypto, and node's hash as well, take a copy of what they are given. */
function sha256InBlocks(bytes: Uint8Array): string {
  const hash = createHash("sha256");
  for (let at = 0; at < bytes.length; at += BLOCK) hash.update(bytes.subarray(at, at + BLOCK));
  return hash.digest("hex");
}
