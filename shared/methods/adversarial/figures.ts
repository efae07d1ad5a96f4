import { type Image, montage, resize } from "../../image/mod.ts";
import { deprocess } from "../../models/mod.ts";
import { levelSpace } from "../../optimize/mod.ts";
import { float32, type Tensor } from "../../tensor/tensor.ts";
import type { Network } from "../../network/network.ts";
import { bodySize, drawPanel } from "../../contract/panel.ts";

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

/** The fooling image, what was changed, and both beside the original. */
export function adversarialImages(
  network: Network,
  original: Image,
  { image, change, from, to, rootMeanSquare, linf }: Fooled,
): Record<string, Image> {
  const { input } = network.manifest;
  const factor = Math.max(1, Math.floor(SHOWN / Math.max(linf, 1)));
  const adversarial = deprocess(image, input);
  const difference = amplified(network, change, factor);
  const size = bodySize(original.height, original.width);
  const panel = (title: string, text: string, body: Image) => ({
    image: drawPanel({ title, text, body: resize(body, size.width, size.height) }),
  });
  const name = ({ label }: Seen) => label.split(",")[0];
  const says = (seen: Seen, when: "probabilityBefore" | "probabilityAfter") =>
    `${name(seen)} ${(100 * seen[when]).toFixed(1)} %`;
  const figure = montage([
    panel(
      "Original",
      `${says(from, "probabilityBefore")}, ${says(to, "probabilityBefore")}`,
      original,
    ),
    panel(
      `Change x ${factor}`,
      `At most ${linf.toFixed(0)} levels, RMS ${rootMeanSquare.toFixed(2)}`,
      difference,
    ),
    panel(
      "Changed",
      `${says(to, "probabilityAfter")}, ${says(from, "probabilityAfter")}`,
      adversarial,
    ),
  ], { columns: 3, gap: 0 });
  return { adversarial, difference, figure };
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
