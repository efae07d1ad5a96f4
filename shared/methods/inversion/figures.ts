import { blank, type Image, montage, resize, type Tile, WHITE } from "../../image/mod.ts";
import { deprocess } from "../../models/mod.ts";
import type { Network } from "../../network/network.ts";
import { numbered } from "../../contract/numbered.ts";
import type { Inversion } from "./invert.ts";

/** Longest side of an image in a sheet of few, and of many. */
const FEW_SIDE = 288;
const MANY_SIDE = 144;
const MANY = 12;

/**
 * Every inversion by itself, and a sheet of them beside the original. Of one layer the first comes
 * first, of several the sheet.
 */
export function inversionImages(
  network: Network,
  original: Image,
  inversions: readonly Inversion[],
): Record<string, Image> {
  const groups = inversions.map((made) => ({
    alias: aliasOf(network, made.layer),
    images: made.starts.map(({ image }) => deprocess(image, network.manifest.input)),
    errors: made.starts.map(({ distance }) => distance / made.norm),
  }));
  const sheet = drawSheet(original, groups);
  const [first] = groups;
  if (groups.length === 1) return { ...numbered("inversion", first.images), starts: sheet };
  const single = groups.map(({ alias, images }) => numbered(fileName(alias), images));
  return Object.assign({ ladder: sheet }, ...single);
}

/** What a person calls a tensor. */
export function aliasOf(network: Network, tensor: string): string {
  return network.layers.find((layer) => layer.tensor === tensor)?.alias ?? tensor;
}

function fileName(alias: string): string {
  return alias.replace(/[^\w.-]+/g, "_");
}

interface Group {
  readonly alias: string;
  readonly images: readonly Image[];
  /** Relative ones of the codes. */
  readonly errors: readonly number[];
}

/** The original, then the starts of each layer side by side. */
function drawSheet(original: Image, groups: readonly Group[]): Image {
  const starts = groups[0].images.length;
  const side = groups.length * starts > MANY ? MANY_SIDE : FEW_SIDE;
  const factor = Math.max(1, Math.round(side / Math.max(original.width, original.height)));
  const enlarged = (image: Image) => resize(image, factor * image.width, factor * image.height);
  const titled = ({ alias, images, errors }: Group): Tile[] =>
    images.map((image, i) => ({
      image: enlarged(image),
      title: `${alias}  ${(100 * errors[i]).toFixed(0)} %`,
    }));
  const space = { image: blank(1, 1, WHITE) };
  const tiles: Tile[] = [
    { image: enlarged(original), title: "original" },
    ...groups.length === 1 ? [] : Array.from({ length: starts - 1 }, () => space),
    ...groups.flatMap(titled),
  ];
  const columns = groups.length === 1
    ? undefined
    : starts * Math.max(1, Math.round(Math.sqrt(tiles.length) / starts));
  return montage(tiles, { columns });
}
