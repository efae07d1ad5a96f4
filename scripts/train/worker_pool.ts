import type { TrainOptions } from "./train_options.ts";
import type { StepResult, WorkerReply, WorkerRequest } from "./worker_protocol.ts";

/** Workers that each compute a share of every step. */
export class WorkerPool implements Disposable {
  readonly #workers: readonly Worker[];

  private constructor(workers: readonly Worker[]) {
    this.#workers = workers;
  }

  static async open(options: TrainOptions): Promise<WorkerPool> {
    const workers = Array.from(
      { length: options.workers },
      () => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" }),
    );
    await Promise.all(
      workers.map((worker, i) => ask(worker, { kind: "open", options, worker: i })),
    );
    return new WorkerPool(workers);
  }

  /** The workers' shares of one step, in their order. */
  async step(step: number, parameters: Float32Array): Promise<readonly StepResult[]> {
    const replies = await Promise.all(
      this.#workers.map((worker) => ask(worker, { kind: "step", step, parameters })),
    );
    return replies.flatMap((reply) => reply.kind === "step" ? [reply.result] : []);
  }

  [Symbol.dispose](): void {
    for (const worker of this.#workers) worker.terminate();
  }
}

function ask(worker: Worker, request: WorkerRequest): Promise<WorkerReply> {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<WorkerReply>) => resolve(data);
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(`Cannot train: a worker failed: ${event.message}`));
    };
    worker.postMessage(request);
  });
}
