import type { RunEvent, RunResult } from "../../../../shared/api/mod.ts";

/** Runs a method, here or on the server. */
export type Runner = (
  method: string,
  body: FormData,
  signal: AbortSignal,
) => AsyncIterable<RunEvent>;

/** Fields of a request that say what is looked at, whatever the method. */
const WHAT = ["image", "model", "fit", "short-side"] as const;

/** What a network makes of an image at first sight: methods of one pass, without a question. */
export class FirstLook {
  readonly #body = new FormData();

  /** @param fields Of any method: only what is looked at is taken from them. */
  constructor(fields: FormData, readonly run: Runner) {
    for (const name of WHAT) {
      const value = fields.get(name);
      if (value !== null) this.#body.set(name, value);
    }
  }

  /** The result of a method at its defaults. */
  async resultOf(method: string, signal: AbortSignal): Promise<RunResult> {
    for await (const event of this.run(method, this.#body, signal)) {
      if (event.type === "result") return event.result;
    }
    throw new Error(`Cannot show ${method}: it ended without a result`);
  }
}
