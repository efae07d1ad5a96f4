import { resolve } from "node:path";
import { findModel, findUnlisted, listModels, locateModel } from "../../models/mod.ts";
import { listUnlisted } from "../../models/list_unlisted.ts";
import { InputError } from "../../shared/errors.ts";
import { nearNames } from "../../shared/models/near_names.ts";
import { defaultSets, mainLayers } from "./default_sets.ts";
import type { GalleryNetwork } from "./figure_set.ts";
import { outlineOf } from "./outline.ts";

/**
 * The networks of the gallery whose files are on this machine, and the ids of the others. Networks
 * that the gallery does not have get a default set of figures.
 *
 * @param requested Ids or paths of .onnx files; with them, only these are looked at. @default all
 * @param images What the default attributions are made of.
 * @throws {RangeError} If one that is requested is none, or not on this machine.
 */
export async function presentNetworks(
  gallery: readonly GalleryNetwork[],
  requested?: readonly string[],
  images: "samples" | "images" = "samples",
): Promise<{ networks: GalleryNetwork[]; absent: string[] }> {
  const isShown = (name: string) => gallery.some(({ id }) => id === name);
  const others: GalleryNetwork[] = [];
  for (const name of requested ?? []) {
    if (isShown(name)) continue;
    const other = await defaultNetwork(name, images);
    if (!isShown(other.id)) {
      others.push(other);
      continue;
    }
    throw new InputError(
      `Cannot make figures of ${name}: the gallery has another network of the id "${other.id}"; ` +
        "rename the file",
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
  return { networks: [...networks, ...others], absent };
}

/** A network that the gallery does not have. */
async function defaultNetwork(
  name: string,
  images: "samples" | "images",
): Promise<GalleryNetwork> {
  const isPath = /\.onnx$/i.test(name);
  if (!isPath && !findModel(name) && !findUnlisted(name)) {
    const ids = [...listModels(), ...listUnlisted()].map(({ id }) => id);
    throw new InputError(
      `Cannot make figures of "${name}": there is no such network, and it is not the path of an ` +
        `.onnx file; did you mean ${nearNames(name, ids, 5).join(", ")}`,
    );
  }
  const outline = await outlineOf(name);
  return {
    id: outline.id,
    ...isPath && { file: resolve(name) },
    isOwn: true,
    unitLayers: mainLayers(outline.layers).map(({ alias }) => alias),
    sets: defaultSets(outline, images),
  };
}

const partsOf = ({ id, judge }: GalleryNetwork) => judge === undefined ? [id] : [id, judge];

function isHere(id: string): boolean {
  const manifest = listModels().find((known) => known.id === id);
  return manifest !== undefined && locateModel(manifest) !== undefined;
}
