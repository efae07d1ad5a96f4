import { blank, decodeImage, type Image, paste } from "../../shared/image/mod.ts";
import { preprocessWhole } from "../../shared/models/mod.ts";
import type { ClassEffect } from "../../shared/gallery/network_summary.ts";
import type { Network } from "../../shared/network/network.ts";
import { cutModel } from "../../shared/onnx/mod.ts";
import { float32, type Tensor } from "../../shared/tensor/tensor.ts";

/** Classes that are kept of each unit. */
const MOST = 3;

/** Smaller falls are rounding errors of the scores. */
const LEAST_FALL = 0.01;

/** Images that activate units, as encoded files. */
export type UnitImages = ReadonlyMap<number, Uint8Array>;

/**
 * Which classes units feed, by ablation: the classes whose scores fall most, against the mean of all,
 * when the unit's feature map is set to zero in the image that was synthesised for the unit.
 *
 * @param layer Name of a tensor that the scores follow from alone.
 * @param images By channel; smaller ones are put in the middle of a grey image.
 * @returns For each channel the classes with the largest falls, the largest first;
 * none of a unit that its image does not activate.
 * @see Morcos et al., "On the importance of single directions for generalization", ICLR 2018
 */
export async function ablateUnits(
  network: Network,
  layer: string,
  images: UnitImages,
): Promise<Map<number, ClassEffect[]>> {
  const { logitsTensor, model, manifest: { input } } = network;
  const effects = new Map<number, ClassEffect[]>();
  let tail: ReturnType<typeof cutModel> | undefined;
  for (const [channel, bytes] of images) {
    const image = inTheMiddle(await decodeImage(bytes), input);
    const { [layer]: features } = await network.forward(preprocessWhole(image, input), [layer]);
    tail ??= cutModel(model, [{ name: layer, dims: features.dims }], [logitsTensor]);
    const scores = async (map: Tensor) => {
      const { [logitsTensor]: found } = await network.evaluate(tail!, { [layer]: map }, [
        logitsTensor,
      ]);
      return found.data as Float32Array;
    };
    const without = withoutChannel(features as Tensor<"float32">, channel);
    effects.set(channel, largestFalls(await scores(features), await scores(without)));
  }
  return effects;
}

function withoutChannel({ data, dims }: Tensor<"float32">, channel: number): Tensor<"float32"> {
  const area = dims.slice(2).reduce((product, extent) => product * extent, 1);
  return float32(data.slice().fill(0, channel * area, (channel + 1) * area), dims);
}

/** Against the mean of all classes: what all scores have in common decides nothing. */
function largestFalls(before: Float32Array, after: Float32Array): ClassEffect[] {
  const falls = before.map((score, index) => score - after[index]);
  const common = falls.reduce((sum, fall) => sum + fall, 0) / falls.length;
  return Array.from(falls, (fall, index) => ({ index, fall: fall - common }))
    .filter(({ fall }) => fall > LEAST_FALL)
    .sort((a, b) => b.fall - a.fall)
    .slice(0, MOST)
    .map(({ index, fall }) => ({ index, fall: Number(fall.toPrecision(3)) }));
}

/** On grey, which is what synthesis starts from. */
function inTheMiddle(
  image: Image,
  { width, height }: { readonly width: number; readonly height: number },
): Image {
  const sheet = blank(width, height, [128, 128, 128]);
  const [left, top] = [width - image.width, height - image.height].map((gap) =>
    Math.floor(gap / 2)
  );
  paste(sheet, image, left, top);
  return sheet;
}
