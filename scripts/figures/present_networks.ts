import { listModels, locateModel } from "../../models/catalogue.ts";
import { nearNames } from "../../shared/models/near_names.ts";
import type { GalleryNetwork } from "./figure_set.ts";

/**
 * The networks of the gallery whose files are on this machine, and the ids of the others.
 *
 * @param requested Ids; with them, only these are looked at. @default all
 * @throws {RangeError} If one that is requested is not in the gallery, or not on this machine.
 */
export function presentNetworks(
  gallery: readonly GalleryNetwork[],
  requested?: readonly string[],
): { networks: GalleryNetwork[]; absent: string[] } {
  const ids = gallery.map(({ id }) => id);
  for (const id of requested ?? []) {
    if (ids.includes(id)) continue;
    throw new RangeError(
      `Cannot make figures of "${id}": the gallery has ${nearNames(id, ids, 5).join(", ")}`,
    );
  }
  const chosen = gallery.filter(({ id }) => requested?.includes(id) ?? true);
  const networks = chosen.filter((network) => partsOf(network).every(isHere));
  const absent = chosen.filter((network) => !networks.includes(network)).map(({ id }) => id);
  if (requested && absent.length > 0) {
    throw new RangeError(
      `Cannot make figures of ${absent.join(", ")}: the files of ${
        absent.flatMap((id) => partsOf(gallery.find((one) => one.id === id)!)).join(", ")
      } are needed; "deno task fetch <id>" gets one`,
    );
  }
  return { networks, absent };
}

const partsOf = ({ id, judge }: GalleryNetwork) => judge === undefined ? [id] : [id, judge];

function isHere(id: string): boolean {
  const manifest = listModels().find((known) => known.id === id);
  return manifest !== undefined && locateModel(manifest) !== undefined;
}
