import type { Tensor } from "../tensor/tensor.ts";
import type { Backend } from "./backend.ts";
import { checkFeeds, fromOrt, type TensorInfo, tensorInfos, toOrt } from "./feeds.ts";
import { loadOrt, nativeThreads, type Ort } from "./ort.ts";
import { runQueue } from "./run_queue.ts";
import { translateOrtError } from "./runtime_error.ts";

/** What ONNX Runtime writes to the console by itself: errors are thrown as well. */
const FATAL = 4;

/** What ONNX Runtime calls the backends, and what else each is told. */
const PROVIDERS: Readonly<Record<Backend, () => Ort.InferenceSession.SessionOptions>> = {
  wasm: () => ({ executionProviders: ["wasm"] }),
  // Results that stay on the GPU are downloaded side by side: each takes a wait of 10 ms in Deno.
  webgpu: () => ({ executionProviders: ["webgpu"], preferredOutputLocation: "gpu-buffer" }),
  native: () => ({
    executionProviders: ["cpu"],
    intraOpNumThreads: nativeThreads(),
    interOpNumThreads: 1,
  }),
};

export interface SessionOptions {
  readonly backend: Backend;
  /**
   * Whether nodes are folded and fused before. Each pass looks at the whole graph again and again:
   * one of 30,000 nodes takes minutes to load with them, and seconds without.
   *
   * @default true
   */
  readonly optimizes?: boolean;
  /** External data by the location that the file names; on WASM alone. */
  readonly weights?: ReadonlyMap<string, Uint8Array>;
}

export interface RunOptions {
  /** Gives up while the run waits for its turn; a run that has begun ends. */
  readonly signal?: AbortSignal;
}

/** A network that is loaded and ready to run. */
export interface Session extends AsyncDisposable {
  readonly backend: Backend;
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  /**
   * Runs the network once.
   *
   * @param feeds A tensor for each input.
   * @param outputs Which outputs to compute. All by default.
   * @throws {RuntimeError} If the feeds do not fit, or a node fails; with its name.
   */
  run(
    feeds: Readonly<Record<string, Tensor>>,
    outputs?: readonly string[],
    options?: RunOptions,
  ): Promise<Record<string, Tensor>>;
  /** Frees the network's memory. May be called more than once. */
  dispose(): Promise<void>;
}

/**
 * Loads an ONNX file.
 *
 * @throws {BackendError} If the native build is asked for and not installed.
 * @throws {RuntimeError} If ONNX Runtime cannot load it: damaged, an operator it does not have,
 * shapes that do not fit.
 */
export async function openSession(bytes: Uint8Array, options: SessionOptions): Promise<Session> {
  const { backend, optimizes = true, weights = new Map<string, Uint8Array>() } = options;
  const ort = await loadOrt(backend);
  try {
    const session = await runQueue.enqueue(() =>
      keepingWorker(() =>
        ort.InferenceSession.create(bytes, {
          ...PROVIDERS[backend](),
          graphOptimizationLevel: optimizes ? "all" : "disabled",
          logSeverityLevel: FATAL,
          ...weights.size > 0 &&
            { externalData: [...weights].map(([path, data]) => ({ path, data })) },
        })
      )
    );
    return new OrtSession(ort, session, backend);
  } catch (error) {
    throw translateOrtError("load the network", error);
  }
}

/** Brings what lies on the GPU into memory, and frees it there. */
async function download(
  results: Ort.InferenceSession.OnnxValueMapType,
): Promise<Record<string, Ort.Tensor>> {
  const entries = Object.entries(results).map(async ([name, tensor]) => {
    if (tensor.location === "gpu-buffer") await tensor.getData(true);
    return [name, tensor] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** ONNX Runtime takes Deno for Node, and puts Node's `Worker` in the place of the Web's. */
async function keepingWorker<T>(job: () => Promise<T>): Promise<T> {
  const { Worker } = globalThis;
  try {
    return await job();
  } finally {
    if (globalThis.Worker !== Worker) globalThis.Worker = Worker;
  }
}

class OrtSession implements Session {
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  readonly #ort: typeof Ort;
  #session: Ort.InferenceSession | undefined;

  constructor(ort: typeof Ort, session: Ort.InferenceSession, readonly backend: Backend) {
    this.#ort = ort;
    this.#session = session;
    this.inputs = tensorInfos(session.inputMetadata);
    this.outputs = tensorInfos(session.outputMetadata);
  }

  async run(
    feeds: Readonly<Record<string, Tensor>>,
    outputs: readonly string[] = this.outputs.map(({ name }) => name),
    { signal }: RunOptions = {},
  ): Promise<Record<string, Tensor>> {
    const session = this.#session;
    if (!session) throw new Error("Cannot run the network: its session is disposed");
    checkFeeds(feeds, this.inputs);
    const unknown = outputs.find((name) => !session.outputNames.includes(name));
    if (unknown !== undefined) {
      throw new Error(`Cannot run the network: there is no output "${unknown}"`);
    }
    const given = Object.fromEntries(
      Object.entries(feeds).map(([name, tensor]) => [name, toOrt(this.#ort, tensor)]),
    );
    const results = await runQueue.enqueue(
      async () => {
        try {
          return await download(
            await session.run(given, [...outputs], { logSeverityLevel: FATAL }),
          );
        } catch (error) {
          throw translateOrtError("run the network", error);
        }
      },
      signal,
    );
    return Object.fromEntries(outputs.map((name) => [name, fromOrt(name, results[name])]));
  }

  async dispose(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    if (session) await runQueue.enqueue(() => session.release());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }
}
