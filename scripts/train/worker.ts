import { encodeModel } from "../../shared/onnx/mod.ts";
import { openSession } from "../../shared/runtime/mod.ts";
import { TRAINING_ARTISTS } from "../glyphs/artists.ts";
import { loadGlyphs } from "../glyphs/glyph_library.ts";
import { forgetLocation } from "../forget_location.ts";
import { renderBatch, targetsOf } from "./batch.ts";
import { layout, parameterCount, views } from "./flat_parameters.ts";
import { topClass } from "./top_classes.ts";
import type { TrainOptions } from "./train_options.ts";
import { trainingGraph } from "./training_graph.ts";
import type { StepResult, WorkerReply, WorkerRequest } from "./worker_protocol.ts";

type Step = (step: number, parameters: Float32Array) => Promise<StepResult>;

/** Loads all that is needed, and returns what computes one step's share. */
async function open(options: TrainOptions, worker: number): Promise<Step> {
  const { shape, batch, workers, seed, smoothing } = options;
  const library = (await loadGlyphs(TRAINING_ARTISTS)).slice(0, shape.classes);
  const graph = trainingGraph(shape, batch);
  const session = await openSession(encodeModel(graph.model), { backend: "wasm" });
  const slots = layout(shape);
  return async (step, parameters) => {
    const first = (step * workers + worker) * batch;
    const scenes = renderBatch(library, { seed, first, count: batch, side: shape.side });
    const outputs = await session.run({
      image: scenes.images,
      targets: targetsOf(scenes.labels, shape.classes, smoothing),
      ...views(slots, parameters),
    });
    const read = (name: string) => outputs[name].data as Float32Array;
    const gradient = new Float32Array(parameterCount(slots));
    for (const { name, start } of slots) gradient.set(read(graph.gradients[name]), start);
    const scores = read(graph.scores);
    const correct = scenes.labels.filter((label, i) =>
      topClass(scores.subarray(i * shape.classes, (i + 1) * shape.classes)) === label
    );
    const statistics = Object.values(graph.statistics).flatMap(({ mean, variance }) => [
      ...read(mean),
      ...read(variance),
    ]);
    return {
      gradient,
      loss: read(graph.objective)[0],
      correct: correct.length,
      statistics: Float32Array.from(statistics),
    };
  };
}

forgetLocation();

const scope = self as unknown as {
  onmessage: (event: MessageEvent<WorkerRequest>) => void;
  postMessage(reply: WorkerReply, transfer: Transferable[]): void;
};

let step: Step;

scope.onmessage = async ({ data }) => {
  if (data.kind === "open") {
    step = await open(data.options, data.worker);
    scope.postMessage({ kind: "ready" }, []);
  } else {
    const result = await step(data.step, data.parameters);
    const transfer = [result.gradient.buffer, result.statistics.buffer];
    scope.postMessage({ kind: "step", result }, transfer);
  }
};
