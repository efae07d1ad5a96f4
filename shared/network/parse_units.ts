import { InputError } from "../errors.ts";
import type { Network } from "./network.ts";
import { parseUnit, type Unit } from "./unit.ts";

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
