/**
 * A page of its own for tests of what the site computes in the browser: its functions by name, so
 * that a test can call them, whatever the pages look like.
 *
 * @module
 */
import type { RunEvent, RunResult } from "../../../shared/api/mod.ts";
import { runLocally } from "../../../site/src/scripts/local/run_locally.ts";

/** A file between the test and the page. */
export interface PlainFile {
  readonly name: string;
  /** base64 */
  readonly bytes: string;
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
};

function fileOf({ name, bytes }: PlainFile): File {
  return new File([Uint8Array.fromBase64(bytes)], name);
}

export type Harness = typeof harness;

Object.assign(globalThis, { harness });
