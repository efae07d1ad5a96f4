/**
 * Class activation maps: a layer's activations, weighed by what they mean to the score of a class.
 *
 * @module
 */
import { numbered } from "../../contract/numbered.ts";
import type { Context, ImageInputs, Method, Paper, Run, Steps } from "../../contract/method.ts";
import { InputError } from "../../errors.ts";
import { differentiate, logProbability, unit } from "../../grad/mod.ts";
import { scoresIn, scoreTensors } from "../../network/class_scores.ts";
import { resolveTarget, type Target } from "../../network/target.ts";
import { float32, type Tensor } from "../../tensor/tensor.ts";
import { camLayer } from "./cam_layer.ts";
import { camOf } from "./cam_methods.ts";
import { type ClassMap, measuresOf } from "./class_map.ts";
import { classScore } from "./class_score.ts";
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

/** Where a layer supports a class. */
export const cam: Method<CamOptions, ImageInputs> = {
  id: "cam",
  title: "Class activation map (Grad-CAM)",
  summary: "Shows which positions of a layer support the score of a class.",
  paper: SELVARAJU_2017,
  takes: { image: "required" },
  options: camOptions,
  run,
  async emit({ network, signal }, { image: { tensor } }, options) {
    if (options.method === "scorecam") {
      throw new InputError(
        "Cannot write the model of scorecam: it is many forward passes, expected a method by " +
          "gradients",
      );
    }
    const layer = camLayer(network, options.layer);
    const { inputName, inputDims, logitsTensor, scoreLink } = network;
    const { [logitsTensor]: logits } = await network.forward(tensor, [logitsTensor], { signal });
    const [{ index }] = targetsOf(options.target, logits, network.labelsOf(logits.data.length));
    return differentiate(network.model, {
      objective: options.score === "logit"
        ? unit(logitsTensor, { channel: index })
        : logProbability(logitsTensor, index, scoreLink),
      wrt: [layer],
      inputs: { [inputName]: inputDims },
      outputs: [layer, logitsTensor],
    }).model;
  },
};

async function* run(
  context: Context,
  { image: { tensor: input, ...seen } }: ImageInputs,
  options: CamOptions,
): Run {
  const { network, signal } = context;
  const { method, score } = options;
  const layer = camLayer(network, options.layer);
  yield { done: 0, total: 1, unit: "maps" };
  const { logitsTensor } = network;
  const results = await network.forward(input, [layer, ...scoreTensors(network)], { signal });
  const { logits } = scoresIn(network, results);
  const activations = float32(results[layer].data as Float32Array, results[layer].dims);
  requireFinite(activations.data, `the activations of "${layer}"`);
  const targets = targetsOf(options.target, results[logitsTensor], network.labelsOf(logits.length));
  const scores = targets.map(({ index }) => classScore(logits, index, score, network.scoreLink));
  const point = { layer, activations, logits: results[logitsTensor], input };
  const { found, passes } = method === "scorecam"
    ? yield* byScores(
      context,
      { input, activations, targets: targets.map(indexOf), score },
      options,
    )
    : await byGradients();
  const [, , height, width] = activations.dims;
  const maps = targets.map((target, i): ClassMap => ({
    ...target,
    score: scores[i].value,
    byLogit: scores[i].byLogit,
    map: found[i],
    height,
    width,
  }));
  const guided: Tensor<"float32">[] = [];
  for (const map of options.guided ? maps : []) {
    guided.push(await guidedCam(network, input, point.logits, map, { signal }));
    requireFinite(guided.at(-1)!.data, `Guided Grad-CAM of ${map.label}`);
    yield { done: guided.length, total: maps.length, unit: "maps" };
  }
  const measures = maps.map(measuresOf);
  const alias = network.layers.find(({ tensor }) => tensor === layer)?.alias ?? layer;
  return {
    figures: { figure: camFigure({ input: seen, maps, guided, layer: alias, options }) },
    images: {},
    arrays: {
      ...numbered("cam", maps.map(({ map }) => float32(map, [height, width]))),
      ...numbered("guided", guided),
    },
    measures: {
      ...measures[0],
      ...{ quantity: score, layer, method, height, width },
      ...passes !== undefined && { channels: activations.dims[1], forwardPasses: passes },
      ...maps.length > 1 && { classes: measures },
    },
  };

  async function byGradients(): Promise<{ found: Float32Array[]; passes?: number }> {
    const byLogit = scores.map((one) => one.byLogit);
    const gradients = await layerGradients(network, point, byLogit, { signal });
    const [, channels] = activations.dims;
    return {
      found: gradients.map((values, i) => {
        requireFinite(values, `the gradient of ${targets[i].label}`);
        if (values.every((value) => value === 0)) throw flat(targets[i], layer, score);
        return camOf(method as Exclude<typeof method, "scorecam">, {
          activations: activations.data,
          gradients: values,
          channels,
        });
      }),
    };
  }
}

const indexOf = ({ index }: Target) => index;

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
  return { found: yield* scoreCams(context, job, channels), passes: channels.length };
}

/** The class that is asked for, or the most probable ones, the most probable first. */
function targetsOf(requested: string, { data }: Tensor, labels: readonly string[]): Target[] {
  const logits = data as Float32Array;
  if (!/^top-?5$/i.test(requested)) return [resolveTarget(requested, logits, labels)];
  return [...logits.keys()]
    .sort((a, b) => logits[b] - logits[a])
    .slice(0, TOP)
    .map((index) => ({ index, label: labels[index] }));
}

function flat({ label }: Target, layer: string, score: CamOptions["score"]): InputError {
  const hint = score === "logit"
    ? "its score is saturated, or rectifiers above the layer are dead; where the scores are " +
      "probabilities, name the logits before them as the network's output"
    : "the probability is saturated; take the logit (--score logit)";
  return new InputError(
    `Cannot map ${label}: the gradient of its ${score} by "${layer}" is 0 everywhere, expected ` +
      `one that is not: ${hint}`,
  );
}

function requireFinite(values: Float32Array, what: string): void {
  const wrong = values.find((value) => !Number.isFinite(value));
  if (wrong === undefined) return;
  throw new InputError(
    `Cannot make a class activation map: ${what} has the value ${wrong}, expected finite numbers; ` +
      "the network or the image has non-finite values, or too large ones",
  );
}
