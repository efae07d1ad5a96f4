import { takeFitting } from "../../../../shared/contract/parse_options.ts";
import { fitted } from "../../../../shared/models/fit.ts";
import { placement } from "../../../../shared/models/placement.ts";
import type { ResultSource } from "./result_source.ts";

/** Draws the part of an image that a network saw, at the network's own size. */
export function drawSeen(
  canvas: HTMLCanvasElement,
  image: ImageBitmap,
  { model, fitting }: Pick<ResultSource, "model" | "fitting">,
): void {
  const { input } = model.manifest;
  const { size, crop } = placement(image, fitted(input, takeFitting(fitting)[0]));
  canvas.width = input.width;
  canvas.height = input.height;
  canvas.getContext("2d")!.drawImage(image, -crop.left, -crop.top, size[0], size[1]);
}
