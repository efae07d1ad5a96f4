/**
 * Class visualization (activation maximization): images synthesised from noise that a network is sure to be of a class.
 *
 * @module
 */
import { resolveClass } from "../../models/mod.ts";
import { shortLabel } from "../../models/labels.ts";
import { meanVariation } from "../../optimize/mod.ts";
import type { RunOptions } from "../../runtime/mod.ts";
import { argmax, classScores } from "../../network/class_scores.ts";
import { requireClass } from "../../network/class_only.ts";
import type { Network } from "../../network/network.ts";
import { imagePanel, numbered } from "../../contract/panels.ts";
import { raised, shownImage } from "../../synthesis/shown_image.ts";
import { SYNTHESIS_RECIPES } from "../../synthesis/synthesis_recipes.ts";
import { type Synthesis, type SynthesisAim, synthesize } from "../../synthesis/synthesize.ts";
import { SIMONYAN_2014 } from "../../contract/papers.ts";
import type { Context, Method, MethodInputs, Run } from "../../contract/method.ts";
import { type ClassModelOptions, classModelOptions } from "./options.ts";
import { robustness } from "./robustness.ts";

export * from "./options.ts";

/** What a network takes for the best image of a class. */
export const classModel: Method<ClassModelOptions, MethodInputs> = {
  id: "class-model",
  title: "Class visualization",
  summary: "Synthesises, from noise, an image that the network scores highest for a class.",
  paper: SIMONYAN_2014,
  takes: {},
  options: classModelOptions,
  run,
};

async function* run(context: Context, _: MethodInputs, options: ClassModelOptions): Run {
  const { network, signal } = context;
  requireClass(options.target, network, "visualize the class", {
    code: "and images with the features of another one are made by the method inversion",
    region: "and each position of the map has an optimum of its own",
    sum: "and one class is raised at a time",
    unit: "and units are visualized by the method neuron",
  });
  const index = resolveClass(options.target, network.labels);
  const label = network.labels[index];
  const unit = { layer: network.logitsTensor, channel: index };
  const score = scoreOf(network, options);
  const made = yield* synthesize(context, { units: [unit], score }, options);
  const models = await Promise.all(
    made.map((synthesis) => measured(network, synthesis, index, { signal })),
  );
  const { input } = network.manifest;
  const shown = made.map(({ image }) => shownImage(image, input));
  const images = shown.map(({ image }) => image);
  const panels = models.map(({ probability, logit }, i) =>
    imagePanel(images[i], {
      id: `class-model-${i + 1}`,
      title: shortLabel(label),
      text: `${network.id} is ${percent(probability)} sure, logit ${logit.toFixed(1)}; ` +
        `${made[i].values.length} steps${raised(shown[i])}.`,
    })
  );
  const [best] = models;
  return {
    figures: {
      figure: {
        title: `Class visualization: ${shortLabel(label)}`,
        caption: `Synthesised from noise by activation maximization, recipe ${options.recipe}` +
          `${faster(options)}.`,
        panels,
      },
    },
    images: numbered("class-model", images),
    arrays: numbered("image", made.map(({ image }) => image)),
    measures: {
      target: label,
      targetIndex: index,
      recipe: options.recipe,
      shownContrast: shown[0].contrast,
      ...best,
      ...models.length > 1 && { images: models.map((model) => ({ ...model })) },
    },
  };
}

/**
 * The score itself can also be raised by raising all scores. The published recipes stay as they
 * are; ours does not allow that.
 */
function scoreOf(
  { scoreLink }: Network,
  { score, recipe }: ClassModelOptions,
): SynthesisAim["score"] {
  // After a sigmoid the log odds of a class are its logit; of probabilities there are no logits.
  if (scoreLink !== "softmax") return "activation";
  const chosen = score === "auto" ? SYNTHESIS_RECIPES[recipe].raises : score;
  return chosen === "logit" ? "activation" : chosen;
}

/** What a network says of an image that was made for one of its classes. */
async function measured(
  network: Network,
  { image, values, index: kept, seed, stepSeconds }: Synthesis,
  classIndex: number,
  options: RunOptions,
) {
  const { logits, probabilities } = await classScores(network, image, options);
  const top = argmax(logits);
  return {
    probability: probabilities[classIndex],
    logit: logits[classIndex],
    top1: network.labels[top],
    isTop1: top === classIndex,
    ...await robustness(network, image, classIndex, options),
    meanVariation: meanVariation(image, network.manifest.input),
    steps: values.length,
    keptStep: kept + 1,
    seed,
    stepSeconds,
  };
}

const faster = ({ recipe, gain }: ClassModelOptions) =>
  recipe.startsWith("yosinski") && gain !== 1 ? ` at ${gain} times its rate` : "";

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
