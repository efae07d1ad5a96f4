/**
 * Adversarial images: the smallest change that makes a network take an image for a class of
 * one's choice.
 *
 * @module
 */
import { InputError } from "../../errors.ts";
import type { Image } from "../../image/mod.ts";
import { deprocess, resolveClass } from "../../models/mod.ts";
import { levelSpace } from "../../optimize/mod.ts";
import { float32, type Tensor } from "../../tensor/tensor.ts";
import { flatScore } from "../../network/evaluate_score.ts";
import { argmax, type ClassScores, classScores } from "../../network/class_scores.ts";
import { requireClass } from "../../network/class_only.ts";
import type { Network } from "../../network/network.ts";
import type { Context, ImageInputs, Method, Run, Steps } from "../../contract/method.ts";
import { bestBut, marginGradient } from "./margin_gradient.ts";
import { type AdversarialOptions, adversarialOptions } from "./options.ts";
import { adversarialFigure } from "./figures.ts";
import { type SmallestChange, smallestChange } from "./smallest_change.ts";

export * from "./options.ts";

/** How little it takes to be wrong. */
export const adversarial: Method<AdversarialOptions, ImageInputs> = {
  id: "adversarial",
  title: "Adversarial image",
  summary: "Changes an image as little as it takes to be seen as something else.",
  paper: {
    title: "Intriguing Properties of Neural Networks",
    authors: "Christian Szegedy, Wojciech Zaremba, Ilya Sutskever, Joan Bruna, Dumitru Erhan, " +
      "Ian Goodfellow, Rob Fergus",
    venue: "ICLR",
    year: 2014,
    url: "https://arxiv.org/abs/1312.6199",
  },
  takes: { image: "required" },
  options: adversarialOptions,
  run,
};

/** Steps between previews. */
const PREVIEW_EVERY = 10;

async function* run(
  { network, signal }: Context,
  { image: input }: ImageInputs,
  options: AdversarialOptions,
): Run {
  const why = "which an image cannot be taken for: that is the class of the largest score";
  requireClass(options.target, network, "fool the network into", {
    code: why,
    region: why,
    sum: why,
    unit: why,
  });
  const before = await classScores(network, input.tensor, { signal });
  const own = argmax(before.logits);
  const target = targetOf(network, before, options.target);
  const space = levelSpace(network.manifest.input);
  const { dims } = input.tensor;
  const middle = levelsOfMean(network);
  const area = dims[2] * dims[3];
  const shifted = (levels: Float32Array, sign: number) =>
    float32(levels.map((level, i) => level + sign * middle[Math.floor(i / area)]), dims);
  const fed = (levels: Float32Array) => space.toInput(shifted(levels, -1));
  const marginOf = marginGradient(network, { target, rival: own }, { signal });
  const begun = performance.now();
  const original = shifted(space.fromInput(input.tensor).data, 1).data;
  const label = network.labels[target];
  let isFirst = true;
  const search = smallestChange({
    original,
    norm: options.norm,
    steps: options.steps,
    attempt: async (levels) => {
      signal?.throwIfAborted();
      const { gradient, ...scores } = await marginOf(fed(levels));
      const isFooled = argmax(scores.logits) === target &&
        scores.probabilities[target] >= options.confidence;
      if (isFirst && !isFooled && gradient.every((value) => value === 0)) {
        throw flatScore({ label, quantity: "margin" }, "fool into", "the image");
      }
      isFirst = false;
      return { isFooled, gradient: space.gradient(gradient) };
    },
  });
  const found = yield* searched(
    search,
    options.steps,
    (levels) => deprocess(fed(levels), network.manifest.input),
  );
  const stepSeconds = (performance.now() - begun) / 1000 / options.steps;
  const image = fed(found.levels);
  const after = await classScores(network, image, { signal });
  const change = float32(found.levels.map((level, i) => level - original[i]), dims);
  const sizes = sizesOf(change);
  const describe = (index: number) => ({
    index,
    label: network.labels[index],
    probabilityBefore: before.probabilities[index],
    probabilityAfter: after.probabilities[index],
  });
  const [from, to] = [describe(own), describe(target)];
  const shown = adversarialFigure(network, input.image, { image, change, from, to, ...sizes });
  return {
    figures: { figure: shown.figure },
    images: shown.images,
    arrays: { image, change },
    measures: {
      target: to.label,
      targetIndex: target,
      isFooled: found.isFooled,
      norm: options.norm,
      ...sizes,
      from,
      to,
      top1After: network.labels[argmax(after.logits)],
      steps: options.steps,
      keptStep: found.step + 1,
      stepSeconds,
    },
  };
}

/** The steps of a search, with previews now and then. */
async function* searched(
  search: ReturnType<typeof smallestChange>,
  total: number,
  draw: (levels: Float32Array) => Image,
): Steps<SmallestChange> {
  for (let step = 0;; step++) {
    const { value, done } = await search.next();
    if (done) return value;
    const preview = step % PREVIEW_EVERY === 0 ? () => draw(value) : undefined;
    yield { done: step + 1, total, unit: "steps", preview };
  }
}

/** How large a change is, in levels of 0 to 255. */
function sizesOf({ data }: Tensor<"float32">) {
  const square = data.reduce((sum, value) => sum + value * value, 0);
  return {
    l2: Math.sqrt(square),
    rootMeanSquare: Math.sqrt(square / data.length),
    linf: data.reduce((most, value) => Math.max(most, Math.abs(value)), 0),
    changedShare: data.reduce((count, value) => count + (value === 0 ? 0 : 1), 0) / data.length,
  };
}

function levelsOfMean({ manifest: { input } }: Network): number[] {
  return input.mean.map((mean) => mean / input.scale);
}

/** Wishes that depend on the image's scores. */
const BY_SCORE: Readonly<Record<string, (logits: Float32Array) => number>> = {
  "least-likely": (logits) => argmax(logits.map((score) => -score)),
  "second": (logits) => bestBut(logits, argmax(logits)),
};

/** @throws {RangeError} If there is no such class, or the image is taken for it already. */
function targetOf(network: Network, { logits }: ClassScores, requested: string): number {
  const byScore = BY_SCORE[requested.toLowerCase()];
  const labels = network.labelsOf(logits.length);
  if (labels.length < 2) {
    throw new InputError(
      `Cannot fool ${network.id}: it has ${labels.length} class, expected 2 or more`,
    );
  }
  const index = byScore ? byScore(logits) : resolveClass(requested, labels);
  if (index === argmax(logits)) {
    throw new InputError(
      `Cannot fool ${network.id} into "${labels[index]}": it takes the image for that already`,
    );
  }
  return index;
}
