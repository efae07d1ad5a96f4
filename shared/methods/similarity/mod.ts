/**
 * The positions of a layer by their features: principal components as colours, and the similarity of
 * each position with one, in the same image and in a second.
 *
 * @module
 */
import { paced } from "../../contract/paced.ts";
import type {
  Context,
  ImageInputs,
  Method,
  MethodInput,
  Paper,
  Run,
} from "../../contract/method.ts";
import { InputError } from "../../errors.ts";
import type { Network } from "../../network/network.ts";
import { float32, rowOf, type Tensor } from "../../tensor/tensor.ts";
import { pca } from "../../tensor/pca.ts";
import { components, cosines } from "./compare.ts";
import { featuresOf, positionAt } from "./features.ts";
import { type Compared, similarityFigure } from "./figures.ts";
import { type SimilarityOptions, similarityOptions } from "./options.ts";

export * from "./options.ts";

/** Red, green and blue. */
const COMPONENTS = 3;

const AMIR_2022: Paper = {
  title: "Deep ViT Features as Dense Visual Descriptors",
  authors: "Shir Amir, Yossi Gandelsman, Shai Bagon, Tali Dekel",
  venue: "ECCV Workshop What is Motion For?",
  year: 2022,
  url: "https://arxiv.org/abs/2112.05814",
};

/** Which positions of a layer are alike. */
export const similarity: Method<SimilarityOptions, ImageInputs> = {
  id: "similarity",
  title: "Similar positions",
  summary: "Colours the positions of a layer by their features, and compares all with one of them.",
  paper: AMIR_2022,
  takes: { image: "required", guide: "optional" },
  options: similarityOptions,
  run,
};

/** The last layer with positions. */
function autoLayer(network: Network): string {
  const found = network.layers.findLast(({ tensor }) => {
    const [, , height = 1, width = 1] = network.facts.get(tensor)?.dims ?? [];
    return height * width > 1;
  });
  if (found !== undefined) return found.alias;
  throw new InputError(
    `Cannot choose a layer of ${network.id}: none has more than one position, expected a ` +
      "convolutional network",
  );
}

async function* run(
  { network, signal }: Context,
  { image, guide }: ImageInputs,
  options: SimilarityOptions,
): Run {
  const layer = options.layer === "auto" ? autoLayer(network) : options.layer;
  const total = guide ? 2 : 1;
  yield { done: 0, total, unit: "forward passes" };
  const read = async ({ tensor }: MethodInput) => {
    const { [layer]: found } = await network.forward(tensor, [layer], { signal });
    return { found, features: featuresOf(found, layer) };
  };
  const { found, features } = await read(image);
  yield { done: 1, total, unit: "forward passes" };
  const others = guide && await read(guide);
  const at = positionAt(features, options.at);
  const vector = rowOf(features.vectors, at.row * features.width + at.column);
  const steps = paced(pca(features.vectors, COMPONENTS), signal);
  let step = await steps.next();
  while (!step.done) step = await steps.next();
  const projection = step.value;
  const compared = (
    id: Compared["id"],
    input: MethodInput,
    found: typeof features,
  ): Compared => ({
    id,
    input,
    height: found.height,
    width: found.width,
    components: components(found, projection),
    cosine: cosines(found, vector),
  });
  const first = compared("image", image, features);
  const second = guide && others && compared("guide", guide, others.features);
  const { explained } = projection;
  const arraysOf = (
    prefix: string,
    { components, cosine, height, width }: Compared,
    features: Tensor,
  ) => ({
    [`${prefix}features`]: features,
    [`${prefix}components`]: float32(components, [COMPONENTS, height, width]),
    [`${prefix}cosine`]: float32(cosine, [height, width]),
  });
  return {
    figures: {
      figure: similarityFigure({ layer, at, image: first, guide: second, explained }),
    },
    images: {},
    arrays: {
      ...arraysOf("", first, found),
      ...second && arraysOf("guide_", second, others!.found),
    },
    measures: {
      layer: network.resolveLayer(layer),
      row: at.row,
      column: at.column,
      height: first.height,
      width: first.width,
      explainedVariance: explained,
      ...second && { best: bestMatch(second) },
    },
  };
}

/** The most similar position of a second image. */
function bestMatch({ cosine, width }: Compared) {
  const best = cosine.reduce((most, value, i) => value > cosine[most] ? i : most, 0);
  return { row: Math.floor(best / width), column: best % width, cosine: cosine[best] };
}
