import { decodeModel, encodeModel } from "../../shared/onnx/mod.ts";
import type { RandomStream } from "../random_stream.ts";
import { mutateBytes } from "./mutate_bytes.ts";
import { mutateMessage } from "./mutate_message.ts";

/**
 * A network's file with changes: mostly of what it says, so that it still reads, and else of its
 * bytes.
 *
 * @param raw How often only bytes are changed, 0 to 1.
 */
export function mutateNetwork(
  draw: RandomStream,
  seeds: readonly Uint8Array[],
  raw: number,
): Uint8Array<ArrayBuffer> {
  if (draw.chance(raw)) return mutateBytes(draw, seeds);
  const seed = draw.pick(seeds);
  try {
    return new Uint8Array(encodeModel(mutateMessage(draw, decodeModel(seed))));
  } catch {
    // What cannot be read or written is changed as bytes.
    return mutateBytes(draw, [seed]);
  }
}
