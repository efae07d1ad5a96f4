import type { FigureDocument } from "../figure/mod.ts";
import type { Json } from "../contract/method.ts";
import type { Recipe } from "./recipe.ts";

/** A file that belongs to a figure and lies beside its JSON. */
export interface FigureFile {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface FigureImage extends FigureFile {
  readonly width: number;
  readonly height: number;
}

/** What `<id>.json` holds: the recipe, and what came of it. */
export interface GalleryFigure {
  readonly id: string;
  /** The figure set it is part of. */
  readonly set: string;
  readonly recipe: Recipe;
  readonly backend: string;
  readonly measures: { readonly [name: string]: Json };
  /** Documents by name; the addresses of their layers are names of files beside the JSON. */
  readonly figures: Readonly<Record<string, FigureDocument>>;
  /** The files of the documents' layers. */
  readonly layers: readonly FigureFile[];
  /** By name; the first is the one that stands for the figure. */
  readonly images: Readonly<Record<string, FigureImage>>;
  readonly files: Readonly<Record<string, FigureFile>>;
  /** The arrays that the pages need, rounded to 5 digits. */
  readonly arrays: Readonly<Record<string, FigureArray>>;
  /** Not part of what is reproduced. */
  readonly timings: { readonly [name: string]: number };
}

export interface FigureArray {
  readonly dims: readonly number[];
  readonly data: readonly number[];
}

/** Every file that belongs to a figure beside its JSON. */
export function filesOf({ layers, images, files }: GalleryFigure): FigureFile[] {
  return [...layers, ...Object.values(images), ...Object.values(files)];
}
