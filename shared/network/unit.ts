import { InputError } from "../errors.ts";
import type { UnitPosition } from "../grad/mod.ts";
import type { Network } from "./network.ts";

/** A unit, or a whole channel, of a network. */
export interface Unit extends UnitPosition {
  /** The ONNX tensor. */
  readonly layer: string;
}

/**
 * Reads `<layer>:<channel>` or `<layer>:<channel>:<row>:<column>`; the layer is a tensor's name or
 * an alias, and may hold colons itself.
 *
 * @throws {RangeError} If it is not of that form, or the network has no such layer.
 */
export function parseUnit(text: string, network: Network): Unit {
  const form = /^(.+?):(\d+)(?::(\d+):(\d+))?$/.exec(text);
  const [whole, channel] = /^(.+):(\d+)$/.exec(text)?.slice(1) ?? [];
  // TensorFlow's names end in ":0", so the longest name that is a layer wins.
  if (whole !== undefined && network.hasLayer(whole)) {
    return { layer: network.resolveLayer(whole), channel: Number(channel) };
  }
  if (form === null) {
    throw new InputError(
      `Cannot find the unit "${text}": expected <layer>:<channel> or ` +
        `<layer>:<channel>:<row>:<column>`,
    );
  }
  const [, layer, c, row, column] = form;
  const position = row === undefined ? {} : { row: Number(row), column: Number(column) };
  return { layer: network.resolveLayer(layer), channel: Number(c), ...position };
}
