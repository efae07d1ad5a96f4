import { imagePanel } from "../../contract/panels.ts";
import type { Figure } from "../../figure/mod.ts";
import type { Image } from "../../image/mod.ts";
import { deprocess } from "../../models/mod.ts";
import { shortLabel } from "../../models/labels.ts";
import { levelSpace } from "../../optimize/mod.ts";
import { float32, type Tensor } from "../../tensor/tensor.ts";
import type { Network } from "../../network/network.ts";

/** The strongest change is shown as this many levels from mid grey. */
const SHOWN = 127;

interface Seen {
  readonly label: string;
  readonly probabilityBefore: number;
  readonly probabilityAfter: number;
}

interface Fooled {
  /** As fed to the network. */
  readonly image: Tensor<"float32">;
  /** In levels. */
  readonly change: Tensor<"float32">;
  /** The class before, and the one aimed at. */
  readonly from: Seen;
  readonly to: Seen;
  readonly rootMeanSquare: number;
  readonly linf: number;
}

/** The original, what was changed, and the changed image beside each other. */
export function adversarialFigure(
  network: Network,
  original: Image,
  { image, change, from, to, rootMeanSquare, linf }: Fooled,
): { figure: Figure; images: Record<"adversarial" | "difference", Image> } {
  const factor = Math.max(1, Math.floor(SHOWN / Math.max(linf, 1)));
  const adversarial = deprocess(image, network.manifest.input);
  const difference = amplified(network, change, factor);
  const says = ({ label, ...seen }: Seen, when: "probabilityBefore" | "probabilityAfter") =>
    `${shortLabel(label)} ${(100 * seen[when]).toFixed(1)} %`;
  const figure = {
    title: `Adversarial example: ${shortLabel(from.label)} taken for ${shortLabel(to.label)}`,
    caption: "A change too small to be seen makes the network see another class.",
    panels: [
      imagePanel(original, {
        id: "original",
        title: "Original",
        text: `${says(from, "probabilityBefore")}, ${says(to, "probabilityBefore")}`,
      }),
      imagePanel(difference, {
        id: "difference",
        title: `Change × ${factor}`,
        text: `At most ${linf.toFixed(0)} levels of 255, RMS ${rootMeanSquare.toFixed(2)}`,
      }),
      imagePanel(adversarial, {
        id: "adversarial",
        title: "Changed",
        text: `${says(to, "probabilityAfter")}, ${says(from, "probabilityAfter")}`,
      }),
    ],
  };
  return { figure, images: { adversarial, difference } };
}

/** A change about mid grey, times a factor. */
function amplified(
  { manifest: { input } }: Network,
  { data, dims }: Tensor<"float32">,
  factor: number,
): Image {
  const area = dims[2] * dims[3];
  const levels = data.map((value, i) =>
    128 + factor * value - input.mean[Math.floor(i / area)] / input.scale
  );
  return deprocess(levelSpace(input).toInput(float32(levels, dims)), input);
}
