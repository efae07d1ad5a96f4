import { deprocess } from "../../models/mod.ts";
import { levelSpace } from "../../optimize/mod.ts";
import { float32, type Tensor } from "../../tensor/tensor.ts";
import type { Context, Steps } from "../../contract/method.ts";
import { distanceOf } from "./feature_distances.ts";
import type { InversionOptions } from "./options.ts";
import { type Restart, restartKernel } from "./restart.ts";
import { type Settings, settingsOf } from "./settings.ts";

/** An image that was made to have the features of another. */
export interface RestartResult {
  readonly seed: number;
  /** As fed to the network. */
  readonly image: Tensor<"float32">;
  /** The layer at that image. */
  readonly features: Float32Array;
  /** Of its features from the original's. */
  readonly distance: number;
  /** Of its levels from the original's, in dB. */
  readonly psnr: number;
  readonly stepSeconds: number;
}

/** A layer's features and the images made from it. */
export interface Inversion {
  /** The ONNX tensor. */
  readonly layer: string;
  readonly features: Tensor;
  /** Of the features. */
  readonly norm: number;
  readonly restarts: readonly RestartResult[];
  readonly settings: Settings;
  /** Mean root mean square distance between two restarts, in levels; 0 of one. */
  readonly startDistance: number;
  /** The same over the root mean square of their own levels: 1.41 if they share nothing. */
  readonly relativeStartDistance: number;
}

/** Makes images from the features that layers have for `original`; all restarts at once. */
export async function* invert(
  context: Context,
  layers: readonly string[],
  original: Tensor<"float32">,
  options: InversionOptions,
): Steps<Inversion[]> {
  const { network, signal } = context;
  const { input } = network.manifest;
  const space = levelSpace(input);
  const rms = (a: Tensor<"float32">, b: Tensor<"float32">) =>
    distanceOf(space.fromInput(a).data, space.fromInput(b).data) / Math.sqrt(a.data.length);
  const wanted = await network.forward(original, layers, { signal });
  const restarts = layers.flatMap((layer) => {
    const settings = settingsOf(network, layer, options);
    return Array.from(
      { length: options.restarts },
      (_, i): Restart => ({ layer, settings, seed: options.seed + i }),
    );
  });
  const total = restarts.reduce((sum, { settings }) => sum + settings.steps, 0);
  const steps = new Map<Restart, number>();
  const made = new Map<Restart, RestartResult>();
  for await (
    const { item, result } of context.map(restartKernel, { original }, restarts, { batch: 1 })
  ) {
    const { step, image, end } = result;
    steps.set(item, step);
    if (image && end) {
      const there = wanted[item.layer].data as Float32Array;
      made.set(item, {
        seed: item.seed,
        image: image,
        features: end.features,
        distance: distanceOf(end.features, there),
        psnr: 20 * Math.log10(255 / rms(image, original)),
        stepSeconds: end.stepSeconds,
      });
    }
    yield {
      done: [...steps.values()].reduce((sum, count) => sum + count, 0),
      total,
      unit: "steps",
      preview: image && (() => deprocess(image, input)),
    };
  }
  const mean = float32(new Float32Array(original.data.length), original.dims);
  return layers.map((layer) => {
    const own = restarts.filter((restart) => restart.layer === layer);
    const results = own.map((restart) => made.get(restart)!);
    const startDistance = meanOfPairs(results, (a, b) => rms(a.image, b.image));
    const meanSquare = results.reduce((sum, start) => sum + rms(start.image, mean) ** 2, 0);
    const contrast = Math.sqrt(meanSquare / results.length);
    const there = wanted[layer].data as Float32Array;
    return {
      layer,
      features: wanted[layer],
      norm: distanceOf(there, new Float32Array(there.length)),
      restarts: results,
      settings: own[0].settings,
      startDistance,
      relativeStartDistance: startDistance / contrast,
    };
  });
}

function meanOfPairs<T>(items: readonly T[], between: (a: T, b: T) => number): number {
  const pairs = items.flatMap((a, i) => items.slice(i + 1).map((b) => between(a, b)));
  return pairs.reduce((sum, value) => sum + value, 0) / (pairs.length || 1);
}
