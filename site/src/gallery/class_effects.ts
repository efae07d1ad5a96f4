import type { ClassEffect, NetworkSummary } from "../../../shared/gallery/network_summary.ts";

/** Units that are shown of a class. */
const MOST = 12;

/** A unit, and what a class loses without it. */
export interface UnitEffect {
  readonly layer: string;
  readonly channel: number;
  readonly fall: number;
}

/** The classes that a unit feeds most; none where it was not measured. */
export function classesOfUnit(
  { layers }: NetworkSummary,
  layer: string,
  channel: number,
): readonly ClassEffect[] {
  return layers.find(({ alias }) => alias === layer)?.classes?.[channel] ?? [];
}

let byNetwork: Map<string, Map<number, readonly UnitEffect[]>> | undefined;

/** The units that have a class among those they feed most, the largest fall first. */
export function unitsOfClass(network: NetworkSummary, index: number): readonly UnitEffect[] {
  byNetwork ??= new Map();
  const known = byNetwork.get(network.id) ?? effectsByClass(network);
  byNetwork.set(network.id, known);
  return known.get(index)?.slice(0, MOST) ?? [];
}

function effectsByClass({ layers }: NetworkSummary): Map<number, readonly UnitEffect[]> {
  const effects = layers.flatMap(({ alias: layer, classes = [] }) =>
    classes.flatMap((all, channel) =>
      all.map(({ index, fall }) => ({ index, layer, channel, fall }))
    )
  );
  const sorted = effects.sort((a, b) => b.fall - a.fall);
  return Map.groupBy(sorted, ({ index }) => index);
}
