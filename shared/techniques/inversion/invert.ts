import { deprocess } from "../../models/mod.ts";
import { climb, inversionAscent, levelSpace } from "../../optimize/mod.ts";
import { float32, type Tensor } from "../../tensor/tensor.ts";
import type { Network } from "../../network/network.ts";
import type { Progress, RunContext } from "../../contract/technique.ts";
import { distanceOf } from "./code_distances.ts";
import type { InversionOptions } from "./options.ts";
import { settingsOf } from "./settings.ts";

/** Previews of each picture. */
const PREVIEWS = 16;

/** A picture that was made to have a code. */
export interface Start {
  readonly seed: number;
  /** As fed to the network. */
  readonly picture: Tensor<"float32">;
  /** The layer at that picture. */
  readonly code: Float32Array;
  /** Of its code from the original's. */
  readonly distance: number;
  /** Of its levels from the original's, in dB. */
  readonly psnr: number;
  readonly stepSeconds: number;
}

/** A layer's code and the pictures made from it. */
export interface Inversion {
  /** The ONNX tensor. */
  readonly layer: string;
  readonly code: Tensor;
  /** Of the code. */
  readonly norm: number;
  readonly starts: readonly Start[];
  readonly settings: ReturnType<typeof settingsOf>;
  /** Mean root mean square distance between two starts, in levels; 0 of one. */
  readonly startDistance: number;
  /** The same over the root mean square of their own levels: 1.41 if they share nothing. */
  readonly relativeStartDistance: number;
}

/** Makes pictures from the code that a layer has for `original`. */
export async function invert(
  network: Network,
  layer: string,
  original: Tensor<"float32">,
  options: InversionOptions,
  { signal, onProgress }: RunContext,
): Promise<Inversion> {
  const { inputName, inputDims: dims, manifest: { input }, model } = network;
  const settings = settingsOf(network, layer, options);
  const { [layer]: code } = await network.forward(original, [layer], { signal });
  const values = code.data as Float32Array;
  const mean = float32(new Float32Array(original.data.length), dims);
  const { [layer]: meanCode } = await network.forward(mean, [layer], { signal });
  const inverted = {
    ...{ model, inputName, dims, input, layer },
    code: code as Tensor<"float32">,
    meanCode: meanCode as Tensor<"float32">,
  };
  const space = levelSpace(input);
  const rms = (a: Tensor<"float32">, b: Tensor<"float32">) =>
    distanceOf(space.fromInput(a).data, space.fromInput(b).data) / Math.sqrt(a.data.length);
  const starts: Start[] = [];
  for (let i = 0; i < options.starts; i++) {
    const seed = options.seed + i;
    const ascent = inversionAscent(
      inverted,
      (key, build, feeds, outputs) => network.evaluate(key, build, feeds, outputs, { signal }),
      { ...settings, seed },
    );
    const { picture, stepSeconds } = await climb(ascent, {
      // Seen from changing places, the last is best on average.
      keep: options.jitter > 0 ? "last" : "best",
      signal,
      onPoint: (point, index) => onProgress?.(progressOf(point.picture, index, i)),
    });
    const { [layer]: reached } = await network.forward(picture, [layer], { signal });
    const now = reached.data as Float32Array;
    starts.push({
      seed,
      picture,
      code: now,
      distance: distanceOf(now, values),
      psnr: 20 * Math.log10(255 / rms(picture, original)),
      stepSeconds,
    });
  }
  const startDistance = meanOfPairs(starts, (a, b) => rms(a.picture, b.picture));
  const meanSquare = starts.reduce((sum, start) => sum + rms(start.picture, mean) ** 2, 0);
  const contrast = Math.sqrt(meanSquare / starts.length);
  return {
    layer,
    code,
    norm: distanceOf(values, new Float32Array(values.length)),
    starts,
    settings,
    startDistance,
    relativeStartDistance: startDistance / contrast,
  };

  function progressOf(picture: Tensor<"float32">, index: number, start: number): Progress {
    const { steps } = settings;
    const isShown = index % Math.ceil(steps / PREVIEWS) === 0 || index === steps - 1;
    return {
      done: start * steps + index + 1,
      total: options.starts * steps,
      unit: "steps",
      preview: isShown ? deprocess(picture, input) : undefined,
    };
  }
}

function meanOfPairs<T>(items: readonly T[], between: (a: T, b: T) => number): number {
  const pairs = items.flatMap((a, i) => items.slice(i + 1).map((b) => between(a, b)));
  return pairs.reduce((sum, value) => sum + value, 0) / (pairs.length || 1);
}
