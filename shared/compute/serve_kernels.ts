import type { AnyKernel, Apply } from "./kernel.ts";
import { plainError, type WorkerReply, type WorkerRequest } from "./protocol.ts";

/** The scope of a worker, as far as it is needed here. */
interface Scope {
  onmessage: ((event: MessageEvent<WorkerRequest>) => void) | null;
  postMessage(reply: WorkerReply): void;
}

export interface ServeOptions<Ground> {
  /** @throws {RangeError} If there is no kernel of that id. */
  readonly kernelOf: (id: string) => Promise<AnyKernel<Ground>>;
  /** Makes what kernels stand on from what the pool sends. */
  readonly openGround: (source: unknown) => Promise<Ground>;
}

/** Applies kernels for a {@linkcode Workers} pool: all that a worker's script has to do. */
export function serveKernels<Ground>({ kernelOf, openGround }: ServeOptions<Ground>): void {
  const scope = globalThis as unknown as Scope;
  const shared = new Map<number, unknown>();
  const opened = new Map<string, Promise<Apply<unknown, unknown>>>();
  const calls = new Map<number, AbortController>();
  let ground: Promise<Ground>;

  async function run(request: WorkerRequest & { type: "run" }): Promise<readonly unknown[]> {
    const { call, kernel: id, items } = request;
    const { signal } = calls.get(call)!;
    const key = `${request.shared} ${id}`;
    const open = async () => {
      const kernel = await kernelOf(id);
      return await kernel.open(await ground, shared.get(request.shared), { signal });
    };
    const apply = opened.get(key) ?? open();
    opened.set(key, apply);
    // One that could not be opened, or was told to stop, is opened anew next time.
    apply.catch(() => opened.delete(key));
    const report = (index: number, result: unknown) =>
      scope.postMessage({ type: "report", call, index, result });
    return await (await apply)(items, { signal, report });
  }

  // One call after the other: a second one waits here, so that none waits for its way.
  let last: Promise<unknown> = Promise.resolve();
  const answer = async (request: WorkerRequest & { type: "run" }) => {
    const { call } = request;
    try {
      calls.get(call)!.signal.throwIfAborted();
      scope.postMessage({ type: "done", call, results: await run(request) });
    } catch (error) {
      scope.postMessage({ type: "failed", call, error: plainError(error) });
    } finally {
      calls.delete(call);
    }
  };

  scope.onmessage = ({ data: request }) => {
    switch (request.type) {
      case "open":
        ground = openGround(request.source);
        ground.catch(() => {});
        break;
      case "run":
        calls.set(request.call, new AbortController());
        if (request.value) shared.set(request.shared, request.value.shared);
        last = last.then(() => answer(request));
        break;
      case "abort":
        calls.get(request.call)?.abort(new DOMException("The call was aborted", "AbortError"));
        break;
      case "forget":
        shared.delete(request.shared);
        for (const key of opened.keys()) {
          if (key.startsWith(`${request.shared} `)) opened.delete(key);
        }
    }
  };
}
