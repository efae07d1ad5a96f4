import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { LayerPortrait, NetworkPortrait } from "../../../shared/figures/network_portrait.ts";
import { FIGURE_FOLDERS } from "./folders.ts";
import { readJson } from "./read_json.ts";

let all: readonly NetworkPortrait[] | undefined;

/** The networks that the gallery shows; the project's own first. */
export function networks(): readonly NetworkPortrait[] {
  return all ??= FIGURE_FOLDERS.map((folder) => join(folder, "networks"))
    .filter(existsSync)
    .flatMap((folder) =>
      readdirSync(folder).filter((name) => /^[^.].*\.json$/.test(name)).map((name) =>
        readJson<NetworkPortrait>(join(folder, name))
      )
    )
    .sort((a, b) => rank(a) - rank(b) || a.title.localeCompare(b.title, "en"));
}

const rank = ({ id }: NetworkPortrait) => id === "glyphnet" ? 0 : 1;

export function networkOf(id: string): NetworkPortrait {
  const found = networks().find((network) => network.id === id);
  if (found) return found;
  throw new RangeError(`Cannot show figures of "${id}": there is no networks/${id}.json of it`);
}

/** The layer that a person calls `name`: its alias, or its tensor's name. */
export function layerOf(network: NetworkPortrait, name: string): LayerPortrait | undefined {
  return network.layers.find(({ alias, tensor }) => alias === name || tensor === name);
}
