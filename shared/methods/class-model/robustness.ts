import { decodeImage, encodeJpeg } from "../../image/mod.ts";
import { deprocess, preprocessWhole } from "../../models/mod.ts";
import { midGrey, see, type View } from "../../optimize/mod.ts";
import type { RunOptions } from "../../runtime/mod.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { classScores } from "../../network/class_scores.ts";
import type { Network } from "../../network/network.ts";

const SHIFT = 4;
const TURN = 5 * Math.PI / 180;
const JPEG_QUALITY = 75;

const STILL: View = { zoom: 1, angle: 0, down: 0, right: 0 };
const SHIFTED = [[-SHIFT, 0], [SHIFT, 0], [0, -SHIFT], [0, SHIFT]]
  .map(([down, right]) => ({ ...STILL, down, right }));
const TURNED = [-TURN, TURN].map((angle) => ({ ...STILL, angle }));

/** The least probability of a class when its image is changed in ways that keep what it shows. */
export interface Robustness {
  /** Of the image moved by 4 pixels up, down, left and right. */
  readonly shiftedProbability: number;
  /** Of the image turned by 5 degrees either way. */
  readonly turnedProbability: number;
  /** Of the image kept as a JPEG file of quality 75; absent where its planes are no colours. */
  readonly jpegProbability?: number;
}

/** Measures how much an image's class depends on exact places. */
export async function robustness(
  network: Network,
  image: Tensor<"float32">,
  classIndex: number,
  options: RunOptions,
): Promise<Robustness> {
  const { input } = network.manifest;
  const least = async (images: Iterable<Tensor<"float32">>) => {
    let lowest = 1;
    for (const changed of images) {
      const { probabilities } = await classScores(network, changed, options);
      lowest = Math.min(lowest, probabilities[classIndex]);
    }
    return lowest;
  };
  const seenIn = (views: readonly View[]) =>
    views.values().map((view) => see(image, view, midGrey(input)));
  const asJpeg = async () =>
    preprocessWhole(
      await decodeImage(await encodeJpeg(deprocess(image, input), JPEG_QUALITY)),
      input,
    );
  return {
    shiftedProbability: await least(seenIn(SHIFTED)),
    turnedProbability: await least(seenIn(TURNED)),
    ...input.channelOrder !== "PLANES" && { jpegProbability: await least([await asJpeg()]) },
  };
}
