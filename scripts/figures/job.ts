import type { Recipe } from "../../shared/gallery/recipe.ts";

/** A figure to be made: plain data, so that it can cross to a worker or a queue. */
export interface FigureJob {
  readonly id: string;
  readonly set: string;
  readonly recipe: Recipe;
  /** Path of the network's file, where it is none that the catalogue knows. */
  readonly file?: string;
  /** Names of the documents that are kept; of one that is hardly more than an image, none. @default all */
  readonly figureNames?: readonly string[];
  /** Panel of the first document that stands for the figure. @default its first image */
  readonly thumbnail?: string;
  /** Names of the images that are kept; all if it is not there. */
  readonly imageNames?: readonly string[];
  readonly arrays: readonly string[];
  readonly isLossless: boolean;
  /** Where it is written. */
  readonly folder: string;
  /** The folder of `--images`, where an input comes from there. */
  readonly images?: string;
}
