/**
 * A page of its own for tests of what the site computes in the browser: its functions by name, so
 * that a test can call them, whatever the pages look like.
 *
 * @module
 */
import type { RunEvent, RunResult } from "../../../shared/api/mod.ts";
import { droppedFiles } from "../../../site/src/scripts/local/dropped_files.ts";
import { listLocal } from "../../../site/src/scripts/local/list_local.ts";
import { openFromHub } from "../../../site/src/scripts/local/open_from_hub.ts";
import { forgetFiles, keptFiles } from "../../../site/src/scripts/local/network_store.ts";
import { OpenError } from "../../../site/src/scripts/local/open_error.ts";
import { openFiles, openKept } from "../../../site/src/scripts/local/open_files.ts";
import type { Answers, OpenedFile } from "../../../site/src/scripts/local/opened_file.ts";
import { runLocally } from "../../../site/src/scripts/local/run_locally.ts";

/** A file between the test and the page. */
export interface PlainFile {
  readonly name: string;
  /** base64 */
  readonly bytes: string;
}

export interface Refused {
  readonly fault: string;
  readonly message: string;
  readonly missing: readonly string[];
}

export interface Ran {
  readonly events: readonly RunEvent[];
  readonly result: RunResult;
  /** Each array's .npy file, base64. */
  readonly arrays: Readonly<Record<string, string>>;
}

const bytesOf = (url: string) => fetch(url).then((answer) => answer.bytes());

const harness = {
  /** Runs a method to its end, or until `abortAfter` events. */
  async run(
    method: string,
    fields: Readonly<Record<string, string>>,
    image?: PlainFile,
    abortAfter = Infinity,
  ): Promise<Ran | string> {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) body.set(name, value);
    if (image) body.set("image", fileOf(image));
    const events: RunEvent[] = [];
    const controller = new AbortController();
    try {
      for await (const event of runLocally(method, body, controller.signal)) {
        if (events.push(event) >= abortAfter) controller.abort(new Error("aborted by the test"));
      }
    } catch (error) {
      return (error as Error).message;
    }
    const last = events.at(-1)!;
    if (last.type !== "result") throw new Error(`The last event is ${last.type}`);
    const { result } = last;
    const arrays = await Promise.all(
      Object.entries(result.arrays).map(async ([name, { url }]) =>
        [name, (await bytesOf(url)).toBase64()] as const
      ),
    );
    return { events, result, arrays: Object.fromEntries(arrays) };
  },

  /** @returns What was opened, or the error's fault and message. */
  async open(files: readonly PlainFile[], answers?: Answers): Promise<OpenedFile | Refused> {
    return await openFiles(files.map(fileOf), answers).catch(refused);
  },

  /** Opens what is dropped on the page next, folders too. */
  openDropped(): Promise<OpenedFile | Refused> {
    document.addEventListener("dragover", (event) => event.preventDefault());
    return new Promise((resolve) =>
      document.addEventListener("drop", async (event) => {
        event.preventDefault();
        resolve(
          await droppedFiles(event.dataTransfer!).then((files) => openFiles(files)).catch(refused),
        );
      }, { once: true })
    );
  },

  openKept: (id: string, answers?: Answers): Promise<OpenedFile | Refused> =>
    openKept(id, answers).catch(refused),
  openFromHub: (repository: string, hub: string): Promise<OpenedFile | Refused> =>
    openFromHub(repository, {}, { hub }).catch(refused),
  listLocal,
  keptFiles,
  forgetFiles,
};

function refused(error: unknown): Refused {
  if (!(error instanceof OpenError)) throw error;
  return { fault: error.fault, message: error.message, missing: error.missing };
}

function fileOf({ name, bytes }: PlainFile): File {
  return new File([Uint8Array.fromBase64(bytes)], name);
}

export type Harness = typeof harness;

declare global {
  /** In the page. */
  var harness: Harness;
}

Object.assign(globalThis, { harness });
