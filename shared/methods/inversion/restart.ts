import { areNumbers, finish, type Kernel, oneByOne } from "../../compute/mod.ts";
import { classScores } from "../../network/class_scores.ts";
import { scoresFollowFrom } from "../../network/scores_follow_from.ts";
import type { Network } from "../../network/network.ts";
import {
  ascend,
  fourierInversion,
  inversionAscent,
  type InvertedSpectrum,
  type RunModel,
} from "../../optimize/mod.ts";
import { elementCount, float32, type Tensor } from "../../tensor/tensor.ts";
import type { Settings } from "./settings.ts";

/** Images reported on the way, for previews. */
const PREVIEWS = 16;

/** A layer to invert. */
export interface RestartJob {
  /** What is inverted, as fed to the network. */
  readonly original: Tensor<"float32">;
}

/** One start of one layer. */
export interface Restart {
  /** The ONNX tensor. */
  readonly layer: string;
  readonly settings: Settings;
  readonly seed: number;
}

/** How far a restart is, and with the last result what came of it. */
export interface RestartResult {
  /** Steps that are done. */
  readonly step: number;
  /** As fed to the network; only now and then before the end. */
  readonly image?: Tensor<"float32">;
  readonly end?: {
    /** The layer's activations for the image. */
    readonly features: Float32Array;
    /** Mean time of a step. */
    readonly stepSeconds: number;
  };
}

/** Makes one image from the features that a layer has for the original. */
export const restartKernel: Kernel<RestartJob, Restart, RestartResult, Network> = {
  id: "inversion/restart",
  isLong: true,
  isResult(value, { original }) {
    const { image, end } = value as RestartResult;
    return areNumbers(image?.data, original.data.length) && end !== undefined &&
      areNumbers(end.features, end.features.length);
  },
  open(network, { original }) {
    const { inputName, inputDims: dims, manifest: { input }, model } = network;
    return Promise.resolve(oneByOne(async ({ layer, settings, seed }, { signal, report }) => {
      const featuresOf = async (tensor: Tensor<"float32">) => {
        const { [layer]: features } = await network.forward(tensor, [layer], { signal });
        return features as Tensor<"float32">;
      };
      const run: RunModel = (model, feeds, outputs) =>
        network.evaluate(model, feeds, outputs, { signal });
      const inverted = {
        ...{ model, inputName, dims, input, layer },
        features: await featuresOf(original),
      };
      const isMoving = settings.prior === "fourier" || Boolean(settings.jitter);
      const ascent = settings.prior === "fourier"
        ? fourierInversion(
          { ...inverted, classes: await classesOf(network, layer, original, signal) },
          run,
          { ...settings, seed },
        )
        : inversionAscent(
          {
            ...inverted,
            meanCode: await featuresOf(float32(new Float32Array(elementCount(dims)), dims)),
          },
          run,
          { ...settings, seed },
        );
      const { steps } = settings;
      // Seen from changing places, the last is best on average.
      const way = ascend(ascent, { keep: isMoving ? "last" : "best", signal });
      const { image, stepSeconds } = await finish(way, ({ index, image }) => {
        const isShown = index % Math.ceil(steps / PREVIEWS) === 0;
        report({ step: index + 1, image: isShown ? image : undefined });
      });
      const features = (await featuresOf(image)).data;
      return { step: steps, image, end: { features, stepSeconds } };
    }));
  },
};

/** What the features say of classes; undefined where the scores depend on more than the layer. */
async function classesOf(
  network: Network,
  layer: string,
  original: Tensor<"float32">,
  signal: AbortSignal | undefined,
): Promise<InvertedSpectrum["classes"]> {
  if (!network.hasScores || network.scoreLink !== "softmax") return undefined;
  if (!scoresFollowFrom(layer, network)) return undefined;
  const { logitsTensor: logits, facts } = network;
  const { probabilities } = await classScores(network, original, { signal });
  return { logits, probabilities: float32(probabilities, facts.get(logits)!.dims) };
}
