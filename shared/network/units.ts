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

/** `<layer>:<first>-<last>`, channels of one layer, both included. */
const RANGE = /^(.+):(\d+)-(\d+)$/;

/**
 * Reads a unit or channel as {@linkcode parseUnit} does, or several channels of a layer,
 * `<layer>:<first>-<last>`.
 *
 * @throws {InputError} If it is of neither form, or the network has no such layer or channel.
 */
export function parseUnits(text: string, network: Network): readonly Unit[] {
  const range = rangeOf(text);
  if (range === undefined) return [parseUnit(text, network)];
  const layer = network.resolveLayer(range.layer);
  const channels = network.facts.get(layer)?.dims[1] ?? 0;
  const { first, last } = range;
  if (first > last || last >= channels) {
    throw new InputError(
      `Cannot pick the channels ${first} to ${last} of "${range.layer}": it has 0 to ` +
        `${channels - 1}`,
    );
  }
  return Array.from({ length: last - first + 1 }, (_, i) => ({ layer, channel: first + i }));
}

/** The layer's name and the channels of a text that names several; undefined of any other. */
export function rangeOf(text: string): { layer: string; first: number; last: number } | undefined {
  const [, layer, first, last] = RANGE.exec(text) ?? [];
  return layer === undefined ? undefined : { layer, first: Number(first), last: Number(last) };
}

/** How many units a text names, whatever the network. */
export function unitCount(text: string): number {
  const range = rangeOf(text);
  return range ? Math.max(1, range.last - range.first + 1) : 1;
}

/**
 * Reads a list of channels: "0-15,40", or "all".
 *
 * @param text Numbers and ranges, both ends included, separated by commas.
 * @param count Channels there are.
 * @param subject What has the channels, for the message: 'the layer "conv1"'.
 * @returns Each channel once, in the order of the text.
 * @throws {RangeError} If it is not such a list, or there is no such channel.
 */
export function channelList(text: string, count: number, subject: string): number[] {
  if (text.trim().toLowerCase() === "all") return Array.from({ length: count }, (_, i) => i);
  const channels = new Set<number>();
  for (const part of text.split(",")) {
    const [, first, last = first] = /^\s*(\d+)\s*(?:-\s*(\d+)\s*)?$/.exec(part) ?? [];
    if (first === undefined || Number(first) > Number(last) || Number(last) >= count) {
      throw new InputError(
        `Cannot use the channels "${text}": ${subject} has the channels 0 to ${count - 1}; ` +
          `expected "all" or a list of numbers and ranges such as "0-15,40"`,
      );
    }
    for (let channel = Number(first); channel <= Number(last); channel++) channels.add(channel);
  }
  return [...channels];
}
