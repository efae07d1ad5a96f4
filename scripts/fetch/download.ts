import { dirname } from "node:path";
import { unlessAborted } from "../../shared/unless_aborted.ts";
import type { FaultOf } from "./fault_of.ts";
import { FetchError } from "./fetch_error.ts";
import { withFileLock } from "./file_lock.ts";
import { digestOf, readText, remove, sizeOf } from "./files.ts";
import { IdleTimer } from "./idle_timer.ts";
import { type Fetch, openRange, type Range } from "./open_range.ts";
import { retry, RETRY_DEFAULTS, type RetryOptions, Transient } from "./retry.ts";

export interface DownloadOptions extends RetryOptions {
  /** What the file must be; null where it is not known. */
  readonly sha256?: string | null;
  readonly bytes?: number | null;
  readonly headers?: Headers;
  readonly fetch?: Fetch;
  readonly onProgress?: (done: number, total: number | undefined) => void;
  readonly onRetry?: (error: Error, pauseMs: number) => void;
  /** Why a file that came whole is not what it should be; undefined if it is. Such is not kept. */
  readonly faultOf?: FaultOf;
  /** Another call is fetching the same file. */
  readonly onWait?: () => void;
}

export interface Downloaded {
  readonly sha256: string;
  readonly bytes: number;
  /** False if the file was there already. */
  readonly fetched: boolean;
}

/** A file under way, and what the server called it. */
const PART_ENDING = ".part";
const ETAG_ENDING = ".part.etag";
const LOCK_ENDING = ".lock";

/**
 * Fetches `url` to the file `target`. The file appears under its name only when it is whole and
 * checked; until then it grows beside it, and a later call goes on where an earlier one stopped.
 * Calls for the same file, of any process, wait for each other.
 *
 * @throws {FetchError} If it cannot be fetched; the message says what to do.
 */
export async function download(
  url: string,
  target: string,
  options: DownloadOptions = {},
): Promise<Downloaded> {
  await Deno.mkdir(dirname(target), { recursive: true });
  return await withFileLock(target + LOCK_ENDING, async () => {
    const existing = await checkExisting(target, options);
    if (existing) return { ...existing, fetched: false };
    const fetched = await fetchWhole(url, target + PART_ENDING, options);
    const fault = await options.faultOf?.(target + PART_ENDING);
    if (fault !== undefined) {
      await remove(target + PART_ENDING);
      throw new FetchError(
        `Cannot fetch ${url}: ${fault}; nothing was kept. Something between here and the hub may ` +
          "answer in its place, such as the page of a network that wants a login",
      );
    }
    await Deno.rename(target + PART_ENDING, target);
    await remove(target + ETAG_ENDING);
    return { ...fetched, fetched: true };
  }, options.onWait);
}

async function checkExisting(path: string, { sha256, bytes, faultOf }: DownloadOptions) {
  const size = await sizeOf(path);
  if (size === undefined || (typeof bytes === "number" && size !== bytes)) return undefined;
  if (await faultOf?.(path) !== undefined) return undefined;
  const digest = await digestOf(path);
  return typeof sha256 !== "string" || digest === sha256
    ? { sha256: digest, bytes: size }
    : undefined;
}

/** Fills the part file and checks it; starts over once if bytes of an earlier run were wrong. */
async function fetchWhole(url: string, part: string, options: DownloadOptions) {
  const resumed = (await sizeOf(part) ?? 0) > 0;
  await fill(url, part, options);
  const digest = await digestOf(part);
  const { sha256 } = options;
  if (typeof sha256 !== "string" || digest === sha256) {
    return { sha256: digest, bytes: await sizeOf(part) ?? 0 };
  }
  await remove(part);
  if (resumed) return await fetchWhole(url, part, options);
  throw new FetchError(
    `Cannot fetch ${url}: its SHA-256 is ${digest}, expected ${sha256}; nothing was kept. ` +
      "Either something between here and the hub changes files, or the hub's file is another one " +
      "than the manifest means",
  );
}

async function fill(url: string, part: string, options: DownloadOptions): Promise<void> {
  const settings = { ...RETRY_DEFAULTS, ...definedOnly(options) };
  await retry(
    (onGain) => fillOnce(url, part, options, settings.idleMs, onGain),
    settings,
    (error, pause) => options.onRetry?.(error, pause),
  );
}

function definedOnly({ attempts, pauseMs, idleMs }: RetryOptions): RetryOptions {
  return {
    ...(attempts !== undefined && { attempts }),
    ...(pauseMs !== undefined && { pauseMs }),
    ...(idleMs !== undefined && { idleMs }),
  };
}

/** One request: appends what it brings. Returns when the file is whole. */
async function fillOnce(
  url: string,
  part: string,
  options: DownloadOptions,
  idleMs: number,
  onGain: () => void,
): Promise<void> {
  const etagFile = part.slice(0, -PART_ENDING.length) + ETAG_ENDING;
  const etag = await readText(etagFile);
  // Bytes of an earlier request may only be kept if something proves that they still fit.
  const provable = typeof options.sha256 === "string" || etag !== undefined;
  const offset = provable ? await sizeOf(part) ?? 0 : 0;
  const idle = new IdleTimer(idleMs);
  try {
    const headers = options.headers ?? new Headers();
    const request = { offset, etag, signal: idle.signal };
    const range = await openRange(options.fetch ?? fetch, url, headers, request);
    if (!range) return await checkComplete(url, part, offset, options);
    const total = range.total ?? options.bytes ?? undefined;
    await checkTotal(url, range, options);
    if (range.etag !== undefined) await Deno.writeTextFile(etagFile, range.etag);
    else await remove(etagFile);
    const done = await append(url, part, range, { ...options, total }, idle, onGain);
    if (total !== undefined && done < total) {
      throw new Transient(
        new FetchError(
          `Cannot fetch ${url}: the connection ends after ${done} of ${total} bytes; ` +
            "run this again, it goes on where it stopped",
        ),
      );
    }
  } finally {
    idle.stop();
  }
}

/** The server has nothing beyond what is here: right if that is all of it. */
async function checkComplete(
  url: string,
  part: string,
  offset: number,
  { bytes }: DownloadOptions,
): Promise<void> {
  if (typeof bytes === "number" && offset === bytes) return;
  await remove(part);
  throw new Transient(
    new FetchError(`Cannot fetch ${url}: the server has fewer bytes than were received before`),
  );
}

async function checkTotal(url: string, range: Range, { bytes }: DownloadOptions): Promise<void> {
  if (range.total === undefined || typeof bytes !== "number" || range.total === bytes) return;
  await range.body.cancel();
  throw new FetchError(
    `Cannot fetch ${url}: it has ${range.total} bytes, expected ${bytes}; the hub's file is ` +
      "another one than the manifest means",
  );
}

async function append(
  url: string,
  part: string,
  range: Range,
  options: DownloadOptions & { readonly total: number | undefined },
  idle: IdleTimer,
  onGain: () => void,
): Promise<number> {
  using file = await Deno.open(part, { create: true, write: true });
  await file.truncate(range.offset);
  await file.seek(0, Deno.SeekMode.End);
  let done = range.offset;
  const { total } = options;
  const chunks = range.body[Symbol.asyncIterator]();
  for (;;) {
    const { done: ended, value: chunk } = await unlessAborted(chunks.next(), idle.signal).catch(
      (error) => {
        throw new Transient(dropped(url, done, total, idle.expired, error));
      },
    );
    if (ended) break;
    idle.restart();
    done += chunk.length;
    if (total !== undefined && done > total) {
      await remove(part);
      throw new FetchError(`Cannot fetch ${url}: the server sends more than ${total} bytes`);
    }
    await writeAll(file, chunk, url, total === undefined ? undefined : total - done);
    onGain();
    options.onProgress?.(done, total);
  }
  await file.sync();
  return done;
}

async function writeAll(
  file: Deno.FsFile,
  chunk: Uint8Array,
  url: string,
  missing: number | undefined,
): Promise<void> {
  try {
    for (let at = 0; at < chunk.length;) at += await file.write(chunk.subarray(at));
  } catch (error) {
    if (!isDiskFull(error)) throw error;
    const need = missing === undefined ? "space" : `${Math.ceil(missing / 1e6) + 1} MB`;
    throw new FetchError(
      `Cannot fetch ${url}: the disk is full; free ${need} and run this again, it goes on where ` +
        "it stopped, or set MODEL_CACHE to a folder on another disk",
      { cause: error },
    );
  }
}

/** Whether a write failed for want of space, or of quota. */
export function isDiskFull(error: unknown): boolean {
  const { code, message = "" } = error as { code?: string; message?: string };
  return code === "ENOSPC" || code === "EDQUOT" || /no space left|quota exceeded/i.test(message);
}

function dropped(
  url: string,
  done: number,
  total: number | undefined,
  stalled: boolean,
  cause: unknown,
): FetchError {
  const what = stalled ? "the server stays silent" : "the connection breaks";
  return new FetchError(
    `Cannot fetch ${url}: ${what} after ${done} of ${total ?? "unknown"} bytes; ` +
      "run this again, it goes on where it stopped",
    { cause },
  );
}
