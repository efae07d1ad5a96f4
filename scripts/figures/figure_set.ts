import type { Json } from "../../shared/contract/method.ts";

/** A layer of a network as figure sets see it. */
export interface LayerOutline {
  readonly alias: string;
  readonly tensor: string;
  readonly channels: number;
  /** Rows and columns; 1 for a vector. */
  readonly height: number;
  readonly width: number;
}

/** What has to be known of a network to say which figures there are of it. */
export interface NetworkOutline {
  readonly id: string;
  readonly title: string;
  readonly sha256: string;
  /** Size of its input. */
  readonly input: { readonly height: number; readonly width: number };
  /** None where it has no class scores. */
  readonly labels: readonly string[];
  /** Whether it has a convolution or a product with weights. */
  readonly hasWeights: boolean;
  readonly layers: readonly LayerOutline[];
}

export type FigureOptions = { readonly [name: string]: Json };

/** Options as a figure set names them; what is undefined takes the method's default. */
export type ChosenOptions = { readonly [name: string]: Json | undefined };

/**
 * Where images come from: the pictographs that ship with glyphnet, the drawn scenes that ship with
 * the site, or the images of `--images`.
 */
export type ImageSource = "samples" | "drawings" | "images";

/**
 * Where many images come from: rendered scenes, MNIST's digits, the drawn scenes that ship with the
 * site, or the folder of `--images`.
 */
export type CorpusSource = "scenes" | "digits" | "drawings" | "images";

/** Figures of one kind: one for each choice of options, and for each image where it takes one. */
export interface FigureSet {
  /** Kebab-case; says on the pages where a figure belongs. */
  readonly id: string;
  readonly method: string;
  /** What is not named takes the method's default. */
  options(network: NetworkOutline): readonly ChosenOptions[];
  readonly images?: ImageSource;
  /** Names of the images that are taken, in this order. @default all */
  readonly chosen?: readonly string[];
  /** How many of the images are taken, from the first. @default all */
  readonly mostImages?: number;
  /** Names of those of `images` that guide the others, each in turn. @default none */
  readonly guides?: readonly string[];
  readonly corpus?: CorpusSource;
  /** Whether another network judges the result. */
  readonly isJudged?: boolean;
  /** Names of the documents that are kept; of one that is hardly more than an image, none. @default all */
  readonly figureNames?: readonly string[];
  /** Panel of the first document that stands for the figure. @default its first image */
  readonly thumbnail?: string;
  /** Names of the images that are kept. @default all */
  readonly imageNames?: readonly string[];
  /** Names of arrays that the pages need. */
  readonly arrays?: readonly string[];
  /** Where every pixel counts. @default false */
  readonly isLossless?: boolean;
}

/** A network in the gallery. */
export interface GalleryNetwork {
  readonly id: string;
  /** Path of its file, where it is none that the catalogue knows. */
  readonly file?: string;
  /** Whether it is the user's own: then its figures are kept with those of the user's images. */
  readonly isOwn?: boolean;
  /** Of the same classes, trained independently. */
  readonly judge?: string;
  /** Aliases of the layers whose units have pages of their own. */
  readonly unitLayers: readonly string[];
  readonly sets: readonly FigureSet[];
}
