import { areNumbers, type Kernel, oneByOne } from "../../../shared/compute/mod.ts";
import { encodeModel } from "../../../shared/onnx/mod.ts";
import { openSession } from "../../../shared/runtime/mod.ts";
import { TRAINING_ARTISTS } from "../drawings/artists.ts";
import { loadGlyphs } from "../drawings/glyph_library.ts";
import { renderBatch, targetsOf } from "./batch.ts";
import { layout, parameterCount, views } from "./flat_parameters.ts";
import { topClass } from "./evaluate.ts";
import type { TrainOptions } from "./train_options.ts";
import { trainingGraph } from "./training_graph.ts";

/** One of the equal parts of a step's scenes. */
export interface Share {
  /** Number of the step, and of the share within it. */
  readonly step: number;
  readonly share: number;
  readonly parameters: Float32Array;
}

/** What comes of a share of a step. */
export interface ShareResult {
  /** Of the mean loss over the scenes, laid out like the parameters. */
  readonly gradient: Float32Array;
  readonly loss: number;
  /** Scenes whose highest score was the right class's. */
  readonly correct: number;
  /** Mean and variance of every normalised layer over the batch, one after the other. */
  readonly statistics: Float32Array;
}

/** Computes the gradient of a share; it follows from the options and the item alone. */
export const shareKernel: Kernel<TrainOptions, Share, ShareResult, null> = {
  id: "train/share",
  isResult: (value) =>
    areNumbers((value as ShareResult).gradient, (value as ShareResult).gradient.length),
  async open(_, options) {
    const { shape, batch, workers, seed, smoothing } = options;
    const library = (await loadGlyphs(TRAINING_ARTISTS)).slice(0, shape.classes);
    const graph = trainingGraph(shape, batch);
    const session = await openSession(encodeModel(graph.model), { backend: "wasm" });
    const slots = layout(shape);
    return oneByOne(async ({ step, share, parameters }) => {
      const first = (step * workers + share) * batch;
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
    });
  },
};
