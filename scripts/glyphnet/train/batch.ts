import type { Image } from "../../../shared/image/image.ts";
import { float32, type Tensor } from "../../../shared/tensor/tensor.ts";
import type { GlyphLibrary } from "../drawings/glyph_library.ts";
import { renderScene } from "../drawings/scene.ts";

/** The network is fed (level / 255 - MEAN) / STD. */
export const MEAN = 0.5;
export const STD = 0.25;

/** Scenes as the network is fed them. */
export interface Batch {
  /** [count, 3, side, side]. */
  readonly images: Tensor<"float32">;
  readonly labels: readonly number[];
}

/** Scenes `first` to `first + count - 1` of the series `seed`. */
export function renderBatch(
  library: GlyphLibrary,
  { seed, first, count, side }: { seed: number; first: number; count: number; side: number },
): Batch {
  const planes = new Float32Array(count * 3 * side * side);
  const labels: number[] = [];
  for (let i = 0; i < count; i++) {
    const { image, objects, main } = renderScene(library, seed, first + i, { side });
    writePlanes(image, planes.subarray(i * 3 * side * side, (i + 1) * 3 * side * side));
    labels.push(objects[main].classIndex);
  }
  return { images: float32(planes, [count, 3, side, side]), labels };
}

function writePlanes({ data }: Image, planes: Float32Array): void {
  const area = data.length / 4;
  for (let i = 0; i < area; i++) {
    for (let c = 0; c < 3; c++) planes[c * area + i] = (data[4 * i + c] / 255 - MEAN) / STD;
  }
}

/** Wished probabilities [count, classes]: `smoothing` is spread evenly over all classes. */
export function targetsOf(
  labels: readonly number[],
  classes: number,
  smoothing: number,
): Tensor<"float32"> {
  const data = new Float32Array(labels.length * classes).fill(smoothing / classes);
  labels.forEach((label, i) => data[i * classes + label] += 1 - smoothing);
  return float32(data, [labels.length, classes]);
}
