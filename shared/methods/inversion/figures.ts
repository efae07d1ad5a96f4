import { imagePanel, numbered } from "../../contract/panels.ts";
import type { Figure } from "../../figure/mod.ts";
import type { Image } from "../../image/mod.ts";
import { deprocess } from "../../models/mod.ts";
import type { Network } from "../../network/network.ts";
import type { Inversion } from "./invert.ts";

/** CSS pixels of an image in a figure of few, and of many. */
const FEW_WIDTH = 288;
const MANY_WIDTH = 176;
const MANY = 12;

/** Every inversion by itself, by its name. */
export function inversionImages(
  network: Network,
  inversions: readonly Inversion[],
): Record<string, Image> {
  const named = groupsOf(network, inversions).map(({ alias, images }) =>
    numbered(inversions.length === 1 ? "inversion" : fileName(alias), images)
  );
  return Object.assign({}, ...named);
}

/** The original, then the restarts of each layer side by side. */
export function inversionFigure(
  network: Network,
  original: Image,
  inversions: readonly Inversion[],
): Figure {
  const groups = groupsOf(network, inversions);
  const restarts = groups[0].images.length;
  const count = groups.length * restarts;
  const drawnWidth = count > MANY ? MANY_WIDTH : FEW_WIDTH;
  const [{ alias }] = groups;
  return {
    title: groups.length === 1 ? `Inversion of ${alias}` : "Inversion of every layer",
    caption:
      "Images made from noise to have the same features as the original. The number is how " +
      "far the features still are from the original's, in per cent of their length.",
    columns: groups.length === 1
      ? undefined
      : restarts * Math.max(1, Math.round(Math.sqrt(count + 1) / restarts)),
    panels: [
      imagePanel(original, { id: "original", title: "Original", text: "", drawnWidth }),
      ...groups.flatMap(({ alias, images, errors }) =>
        images.map((image, i) =>
          imagePanel(image, {
            id: `${fileName(alias)}-${i + 1}`,
            title: alias,
            text: `error ${(100 * errors[i]).toFixed(0)} %`,
            drawnWidth,
          })
        )
      ),
    ],
  };
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
  /** Relative ones of the features. */
  readonly errors: readonly number[];
}

function groupsOf(network: Network, inversions: readonly Inversion[]): Group[] {
  return inversions.map((made) => ({
    alias: aliasOf(network, made.layer),
    images: made.restarts.map(({ image }) => deprocess(image, network.manifest.input)),
    errors: made.restarts.map(({ distance }) => distance / made.norm),
  }));
}
