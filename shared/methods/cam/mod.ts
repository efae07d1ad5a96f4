/**
 * Class activation maps: a layer's activations, weighed by what they mean to the score of a class.
 *
 * @module
 */
import { numbered } from "../../contract/panels.ts";
import type {
  Context,
  ImageInputs,
  Method,
  MethodResult,
  Paper,
  Run,
  Steps,
} from "../../contract/method.ts";
import { InputError } from "../../errors.ts";
import { differentiate } from "../../grad/mod.ts";
import { evaluateScore, flatScore } from "../../network/evaluate_score.ts";
import type { Network } from "../../network/network.ts";
import {
  isOneClass,
  resolveScoreTarget,
  type TargetRequest,
} from "../../network/resolve_score_target.ts";
import { objectiveOf, type ScoreTarget } from "../../network/score_target.ts";
import { scoresOf, scoreTensor } from "../../network/target_scores.ts";
import type { RunOptions } from "../../runtime/mod.ts";
import { withEvaluation } from "../../evaluation/with_evaluation.ts";
import { stretchGrid } from "../../image/mod.ts";
import { checkSanity } from "./sanity.ts";
import { readMap } from "../../network/axes/map_axes.ts";
import { requireFinite } from "../../network/require_finite.ts";
import { float32, type Tensor } from "../../tensor/tensor.ts";
import { camLayer } from "./cam_layer.ts";
import { camOf } from "./cam_methods.ts";
import { type ClassMap, measuresOf } from "./class_map.ts";
import { guidedCam } from "./guided.ts";
import { layerGradients } from "./layer_gradients.ts";
import { type CamOptions, camOptions } from "./options.ts";
import { camFigure } from "./figures.ts";
import { scoreCams, variedChannels } from "./score_cam.ts";

export * from "./options.ts";

const SELVARAJU_2017: Paper = {
  title: "Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization",
  authors: "Ramprasaath R. Selvaraju, Michael Cogswell, Abhishek Das, Ramakrishna Vedantam, " +
    "Devi Parikh, Dhruv Batra",
  venue: "ICCV",
  year: 2017,
  url: "https://arxiv.org/abs/1610.02391",
};

/** How many classes "top5" is. */
const TOP = 5;

/** What cannot be done with values that are not finite. */
const DOING = "make a class activation map";

/** Where a layer supports a class. */
export const cam: Method<CamOptions, ImageInputs> = {
  id: "cam",
  title: "Class activation map (Grad-CAM)",
  summary: "Shows which positions of a layer support the score of a class.",
  paper: SELVARAJU_2017,
  takes: { image: "required", guide: "optional" },
  options: camOptions,
  run,
  async emit({ network, signal }, { image, guide }, options) {
    if (options.method === "scorecam") {
      throw new InputError(
        "Cannot write the model of scorecam: it is many forward passes, expected a method by " +
          "gradients",
      );
    }
    const [target] = await targetsOf(network, { image, guide }, options, { signal });
    const layer = network.tensorOf(camLayer(network, options.layer, target.layer));
    return differentiate(network.model, {
      objective: objectiveOf(target),
      wrt: [layer],
      inputs: { [network.inputName]: network.inputDims },
      outputs: [layer, target.layer],
    }).model;
  },
};

async function* run(
  context: Context,
  { image, guide }: ImageInputs,
  options: CamOptions,
): Run {
  const { network, signal } = context;
  const { method } = options;
  const { tensor: input, ...seen } = image;
  yield { done: 0, total: 1, unit: "maps" };
  const passAt = async (scored: string) => {
    const layer = camLayer(network, options.layer, scored);
    const tensors = [network.tensorOf(layer), layer, scored];
    return { layer, results: await network.compute(input, tensors, { signal }) };
  };
  // The scores of classes are where they are: one forward pass is enough to find the class, too.
  const isOfClasses = isTop(options.target) || isOneClass(options.target, network);
  const ahead = isOfClasses ? await passAt(scoreTensor(network)) : undefined;
  const known = ahead?.results;
  const targets = await targetsOf(network, { image, guide, known }, options, { signal });
  const [{ layer: scored, quantity }] = targets;
  const { layer, results } = ahead ?? await passAt(scored);
  const tensor = network.tensorOf(layer);
  const alias = network.layers.find((one) => one.tensor === layer)?.alias ?? tensor;
  const activations = float32(results[layer].data as Float32Array, results[layer].dims);
  requireFinite(activations.data, DOING, `the activations of "${layer}"`);
  const output = float32(results[scored].data as Float32Array, results[scored].dims);
  const scores = targets.map(({ spec }) => evaluateScore(spec, output));
  requireFinite(Float32Array.from(scores, ({ value }) => value), DOING, `the ${quantity}`);
  const point = { layer: tensor, activations: results[tensor], scores: scored, output, input };
  const { found, passes } = method === "scorecam"
    ? yield* byScores(context, { input, activations, targets }, options)
    : await byGradients();
  if (found.every((values) => values.every(isZero))) {
    throw emptyMap(targets[0], alias, activations.data.every(isZero), method);
  }
  const [, , height, width] = activations.dims;
  const maps = targets.map((target, i): ClassMap => ({
    target,
    score: scores[i].value,
    derivative: scores[i].derivative,
    map: found[i],
    height,
    width,
  }));
  const guided: Tensor<"float32">[] = [];
  for (const map of options.guided ? maps : []) {
    guided.push(await guidedCam(network, input, output, map, { signal }));
    requireFinite(guided.at(-1)!.data, DOING, `Guided Grad-CAM of ${map.target.label}`);
    yield { done: guided.length, total: maps.length, unit: "maps" };
  }
  const measures = maps.map(measuresOf);
  const sanity = options.sanity
    ? yield* checkSanity(context, input, maps[0], layer, options)
    : undefined;
  const made: MethodResult = {
    figures: {
      figure: camFigure({ input: seen, maps, guided, layer: alias, options }),
      ...sanity?.figures,
    },
    images: {},
    arrays: {
      ...numbered("cam", maps.map(({ map }) => float32(map, [height, width]))),
      ...numbered("guided", guided),
    },
    measures: {
      ...measures[0],
      ...{ quantity, layer, method, height, width },
      ...passes !== undefined && { channels: activations.dims[1], forwardPasses: passes },
      ...maps.length > 1 && { classes: measures },
      ...sanity?.measures,
    },
  };
  return yield* withEvaluation(
    context,
    made,
    options.evaluate && (() => {
      const [, , rows, columns] = input.dims;
      const cells = { width, height, values: maps[0].map };
      return {
        input,
        map: Float32Array.from(stretchGrid(cells, columns, rows)),
        target: maps[0].target,
      };
    }),
  );

  async function byGradients(): Promise<{ found: Float32Array[]; passes?: number }> {
    const derivatives = scores.map(({ derivative }) => derivative);
    const found = await layerGradients(network, point, derivatives, { signal });
    const map = tensor === layer ? undefined : network.mapOf(layer);
    const gradients = found.map((values) =>
      map ? readMap(float32(values, point.activations.dims), map).data : values
    );
    const [, channels] = activations.dims;
    return {
      found: gradients.map((values, i) => {
        requireFinite(values, DOING, `the gradient of ${targets[i].label}`);
        if (values.every(isZero)) {
          throw found[i].every(isZero)
            ? flatScore(targets[i], "map", `"${alias}"`)
            : onlyTokens(alias);
        }
        return camOf(method as Exclude<typeof method, "scorecam">, {
          activations: activations.data,
          gradients: values,
          channels,
        });
      }),
    };
  }
}

const isZero = (value: number) => value === 0;

const emptyMap = ({ label }: ScoreTarget, layer: string, isDead: boolean, method: string) =>
  new InputError(
    `Cannot map ${label}: its map of "${layer}" is 0 everywhere, expected one that is not: ` +
      (isDead
        ? "all activations of the layer are 0 for this image; try another layer or image"
        : `by ${method}, nothing there supports the score; try another method or layer`),
  );

const onlyTokens = (layer: string) =>
  new InputError(
    `Cannot map "${layer}": of it, the score depends on only its tokens without a position, such ` +
      "as a class token, expected a layer before the last attention",
  );

async function* byScores(
  context: Context,
  job: Parameters<typeof scoreCams>[1],
  options: CamOptions,
): Steps<{ found: Float32Array[]; passes: number }> {
  const channels = variedChannels(job.activations, options.channels);
  if (channels.length === 0) {
    throw new InputError(
      "Cannot weigh the channels of the layer: all are constant for this image, expected some that " +
        "are not",
    );
  }
  const { maps, scores } = yield* scoreCams(context, job, channels);
  job.targets.forEach(({ label, quantity }, t) => {
    const left = Float32Array.from(scores, (row) => row[t]);
    requireFinite(left, DOING, `the ${quantity} of ${label} that a channel leaves`);
    if (left.length === 1 || left.some((value) => value !== left[0])) return;
    throw new InputError(
      `Cannot map ${label}: its ${quantity} is ${
        left[0]
      } whichever channel is left, expected one ` +
        "that differs: it is saturated, or nothing in the image counts for it; try another class",
    );
  });
  return { found: maps, passes: channels.length };
}

const isTop = (target: string) => /^top-?5$/i.test(target);

/** What is asked for, or the most probable classes, the most probable first. */
async function targetsOf(
  network: Network,
  { image, guide, known }: ImageInputs & Pick<TargetRequest, "known">,
  { target, score }: CamOptions,
  options: RunOptions,
): Promise<ScoreTarget[]> {
  const request = { target, score, input: image.tensor, guide: guide?.tensor, known };
  if (!isTop(target)) return [await resolveScoreTarget(network, request, options)];
  const { totals } = await scoresOf(network, image.tensor, { ...options, known });
  const top = [...totals.keys()].sort((a, b) => totals[b] - totals[a]).slice(0, TOP);
  const found: ScoreTarget[] = [];
  for (const index of top) {
    found.push(await resolveScoreTarget(network, { ...request, target: `${index}` }, options));
  }
  return found;
}
