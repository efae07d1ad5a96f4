import type { Link, NetworkSummary } from "../../../shared/gallery/network_summary.ts";

/** How many are shown. */
const MOST = 6;

/** The units that a unit reads most from. */
export function linksInto(
  { layers }: NetworkSummary,
  layer: string,
  channel: number,
): readonly Link[] {
  return layers.find(({ alias }) => alias === layer)?.links?.[channel] ?? [];
}

let byNetwork: Map<string, Map<string, Link[]>> | undefined;

/** The units among whose strongest links a unit is. */
export function linksFrom(
  network: NetworkSummary,
  layer: string,
  channel: number,
): readonly Link[] {
  byNetwork ??= new Map();
  const known = byNetwork.get(network.id) ?? readersOf(network);
  byNetwork.set(network.id, known);
  return known.get(`${layer}:${channel}`)?.slice(0, MOST) ?? [];
}

/** For every unit, who reads from it, the strongest first. */
function readersOf({ layers }: NetworkSummary): Map<string, Link[]> {
  const readers = new Map<string, Link[]>();
  for (const { alias, links = [] } of layers) {
    for (const [channel, from] of links.entries()) {
      for (const { layer, channel: source, weight } of from) {
        const key = `${layer}:${source}`;
        const list = readers.get(key) ?? [];
        list.push({ layer: alias, channel, weight });
        readers.set(key, list);
      }
    }
  }
  for (const list of readers.values()) {
    list.sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
  }
  return readers;
}
