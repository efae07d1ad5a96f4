import { midGrey, see, type View } from "../../optimize/mod.ts";
import type { RunOptions } from "../../runtime/mod.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { classScores } from "../../network/class_scores.ts";
import type { Network } from "../../network/network.ts";

const SHIFT = 4;
const TURN = 5 * Math.PI / 180;

const STILL: View = { zoom: 1, angle: 0, down: 0, right: 0 };
const SHIFTED = [[-SHIFT, 0], [SHIFT, 0], [0, -SHIFT], [0, SHIFT]]
  .map(([down, right]) => ({ ...STILL, down, right }));
const TURNED = [-TURN, TURN].map((angle) => ({ ...STILL, angle }));

/** The least probability of a class when its picture is changed in ways that keep what it shows. */
export interface Robustness {
  /** Of the picture moved by 4 pixels up, down, left and right. */
  readonly shiftedProbability: number;
  /** Of the picture turned by 5 degrees either way. */
  readonly turnedProbability: number;
}

/** Measures how much a picture's class depends on exact places. */
export async function robustness(
  network: Network,
  picture: Tensor<"float32">,
  classIndex: number,
  options: RunOptions,
): Promise<Robustness> {
  const least = async (views: readonly View[]) => {
    let lowest = 1;
    for (const view of views) {
      const seen = see(picture, view, midGrey(network.manifest.input));
      const { probabilities } = await classScores(network, seen, options);
      lowest = Math.min(lowest, probabilities[classIndex]);
    }
    return lowest;
  };
  return { shiftedProbability: await least(SHIFTED), turnedProbability: await least(TURNED) };
}
