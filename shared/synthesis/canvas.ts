import type { Network } from "../network/network.ts";
import { type CutNetwork, onCanvas } from "../network/on_canvas.ts";
import { receptiveField } from "../network/receptive_field.ts";

/** What an image is made at: the size of the network's input, or what a unit sees of it. */
export type CanvasName = "input" | "field";

/** Pixels around the receptive field: views of the image move and turn. */
const MARGIN = 32;

/** A pattern of a few pixels is told by its repetition. */
const LEAST = 96;

/**
 * Deep units see more, but respond to the middle of it: with larger canvases their activation
 * hardly changes, and time grows with the area.
 *
 * @see Luo et al., "Understanding the effective receptive field", NIPS 2016
 */
const MOST = 112;

/**
 * The part of the network that ends at a layer, at the size that the images of its units are made.
 *
 * @param layer Name of the layer's tensor; of one whose units see everything, it is the input.
 */
export function canvasFor(
  network: Network,
  layer: string,
  canvas: CanvasName,
): CutNetwork {
  if (canvas === "input") return network;
  const { inputDims: [, , height, width] } = network;
  const field = receptiveField(network, layer);
  const [{ left: first }, { left: second }] = [field.boxAt(0, 0), field.boxAt(0, 1)];
  const stride = Math.max(1, second - first);
  const side = Math.min(MOST, Math.max(LEAST, Math.max(field.height, field.width) + MARGIN));
  const whole = Math.ceil(side / stride) * stride;
  if (field.isWhole || whole >= Math.max(height, width)) return network;
  return onCanvas(network, layer, {
    height: Math.min(height, whole),
    width: Math.min(width, whole),
  });
}
