import type { TrainOptions } from "./train_options.ts";

/** What a worker is told: once what to train, then one message a step. */
export type WorkerRequest =
  | { readonly kind: "open"; readonly options: TrainOptions; readonly worker: number }
  | { readonly kind: "step"; readonly step: number; readonly parameters: Float32Array };

/** What a worker found for its share of a step. */
export interface StepResult {
  /** Of the mean loss over the worker's scenes, laid out like the parameters. */
  readonly gradient: Float32Array;
  readonly loss: number;
  /** Scenes whose highest score was the right class's. */
  readonly correct: number;
  /** Mean and variance of every normalised layer over the batch, one after the other. */
  readonly statistics: Float32Array;
}

export type WorkerReply =
  | { readonly kind: "ready" }
  | { readonly kind: "step"; readonly result: StepResult };
