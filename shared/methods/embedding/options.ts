import { z } from "zod";

/** The layer that stands for the image itself, before the network. */
export const PIXELS = "pixels";

export const embeddingOptions = z.object({
  layer: z.string().min(1).default("auto")
    .describe(
      'The layer whose features are laid out: a tensor, an alias, "auto" for the last one before ' +
        'the scores, or "pixels" for the images themselves, as the network is fed.',
    ),
  spatial: z.enum(["mean", "flat"]).default("mean")
    .describe("Of a layer with positions: the mean over them, or every value of them."),
  method: z.enum(["tsne", "umap", "pca"]).default("tsne")
    .describe("How the features are laid out in the plane."),
  metric: z.enum(["euclidean", "cosine", "correlation"]).default("euclidean")
    .describe(
      "Distance of two images' features: as they are, of features scaled to length 1, or of features centred and " +
        "scaled to length 1.",
    ),
  perplexity: z.number().min(1).max(1000).default(30)
    .describe("About how many neighbours an image has for t-SNE; less where images are few."),
  iterations: z.int().min(1).max(10000).default(1000)
    .describe("Steps of t-SNE."),
  neighbours: z.int().min(2).max(200).default(15)
    .describe("Neighbours of an image for UMAP; less where images are few."),
  distance: z.number().min(0).max(1).default(0.1)
    .describe("How close neighbours may come in the plane, for UMAP."),
  seed: z.int().min(0).max(2 ** 32 - 1).default(0)
    .describe("Seed of what is drawn at random."),
}).describe("Options of the embedding.");

export type EmbeddingOptions = z.infer<typeof embeddingOptions>;
