import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { LayerSummary, NetworkSummary } from "../../../shared/gallery/network_summary.ts";
import { FIGURE_FOLDERS, readJson } from "./read_json.ts";

let all: readonly NetworkSummary[] | undefined;

/** The networks that the gallery shows; the project's own first. */
export function networks(): readonly NetworkSummary[] {
  return all ??= FIGURE_FOLDERS.map((folder) => join(folder, "networks"))
    .filter(existsSync)
    .flatMap((folder) =>
      readdirSync(folder).filter((name) => /^[^.].*\.json$/.test(name)).map((name) =>
        readJson<NetworkSummary>(join(folder, name))
      )
    )
    .sort((a, b) => rank(a) - rank(b) || a.title.localeCompare(b.title, "en"));
}

const rank = ({ id }: NetworkSummary) => id === "glyphnet" ? 0 : 1;

export function networkOf(id: string): NetworkSummary {
  const found = networks().find((network) => network.id === id);
  if (found) return found;
  throw new RangeError(`Cannot show figures of "${id}": there is no networks/${id}.json of it`);
}

/** The layer that a person calls `name`: its alias, or its tensor's name. */
export function layerOf(network: NetworkSummary, name: string): LayerSummary | undefined {
  return network.layers.find(({ alias, tensor }) => alias === name || tensor === name);
}
