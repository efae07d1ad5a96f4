/**
 * Feature visualization: images synthesised to activate a unit or channel of any layer, beside the
 * dataset examples that do.
 *
 * @module
 */
import { InputError } from "../../errors.ts";
import { meanVariation } from "../../optimize/mod.ts";
import type { RunOptions } from "../../runtime/mod.ts";
import type { Network } from "../../network/network.ts";
import { imagePanel, numbered } from "../../contract/panels.ts";
import { raised, shownImage } from "../../synthesis/shown_image.ts";
import { type Synthesis, synthesize } from "../../synthesis/synthesize.ts";
import { YOSINSKI_2015 } from "../../contract/papers.ts";
import type { Context, Method, MethodInputs, Run } from "../../contract/method.ts";
import type { CutNetwork } from "../../network/on_canvas.ts";
import { parseUnits, type Unit } from "../../network/units.ts";
import { type Model, withOutputs } from "../../onnx/mod.ts";
import { canvasFor } from "../../synthesis/canvas.ts";
import { datasetExamples } from "./dataset_examples.ts";
import { type NeuronOptions, neuronOptions } from "./options.ts";
import type { Image } from "../../image/image.ts";
import { montage } from "../../image/montage.ts";
import { resize } from "../../image/resize.ts";

export * from "./options.ts";

/** What a unit or a channel looks for. */
export const neuron: Method<NeuronOptions, MethodInputs> = {
  id: "neuron",
  title: "Feature visualization",
  summary: "Synthesises, from noise, images that activate a unit or a channel of any layer most.",
  paper: YOSINSKI_2015,
  takes: { corpus: "optional" },
  options: neuronOptions,
  run,
};

async function* run(
  context: Context,
  { corpus }: MethodInputs,
  options: NeuronOptions,
): Run {
  const { network } = context;
  const requested = options.unit === "auto" ? firstOfMiddleLayer(network) : options.unit;
  const parsed = parseUnits(requested, network);
  const ground = canvasFor(network, parsed[0].layer, options.canvas);
  if (options.canvas === "field" && parsed[0].row !== undefined) {
    throw new InputError(
      `Cannot make an image of what a unit sees for "${requested}": its place is one in the whole ` +
        "input; choose the canvas input, or a channel without a place",
    );
  }
  const units = parsed.map((unit) => placed(unit, ground, options));
  const [unit] = units;
  const isOne = units.length === 1;
  if (!isOne && (options.count > 1 || corpus)) {
    throw new InputError(
      `Cannot make several images, or compare with a folder, for the ${units.length} units ` +
        `"${requested}": choose one unit, or count 1 and no folder`,
    );
  }
  const made = yield* synthesize(context, { units }, options);
  const forward = withOutputs(ground.model, [unit.layer]);
  const measures: Awaited<ReturnType<typeof measured>>[] = [];
  for (const synthesis of made) {
    measures.push(await measured(ground, forward, synthesis, { signal: context.signal }));
  }
  const examples = corpus &&
    (yield* datasetExamples(context, corpus, { unit, count: options.patches }));
  const { input } = ground.manifest;
  const shown = made.map(({ image }) => shownImage(image, input));
  const images = shown.map(({ image }) => image);
  const panels = images.map((image, i) =>
    imagePanel(image, {
      id: `neuron-${i + 1}`,
      title: isOne ? requested : `channel ${units[i].channel}`,
      text: `Activation ${measures[i].activation.toPrecision(3)}; ${made[i].values.length} steps` +
        `${raised(shown[i])}.`,
    })
  );
  if (examples) panels.push(examples.panel);
  const [first] = measures;
  const named = <T>(name: string, values: readonly T[]): Record<string, T> =>
    isOne
      ? numbered(name, values)
      : Object.fromEntries(values.map((value, i) => [`${name}-${units[i].channel}`, value]));
  return {
    figures: {
      figure: {
        title: `Feature visualization: ${requested}`,
        caption: `Synthesised from noise to activate ${isOne ? "it" : "each of them"}, recipe ` +
          `${options.recipe}.`,
        panels,
      },
    },
    images: { ...!isOne && { sheet: sheetOf(images) }, ...named("neuron", images) },
    arrays: named("image", made.map(({ image }) => image)),
    measures: {
      unit: requested,
      layer: unit.layer,
      ...isOne && { channel: unit.channel },
      place: unit.row === undefined ? "everywhere" : [unit.row, unit.column!],
      recipe: options.recipe,
      ...isOne
        ? { shownContrast: shown[0].contrast, ...first }
        : { channels: units.map(({ channel }) => channel) },
      ...examples && {
        datasetActivation: examples.best,
        timesDataset: examples.best > 0 ? first.activation / examples.best : null,
        datasetImages: examples.names,
      },
      ...measures.length > 1 && {
        images: isOne ? measures : measures.map((measure, i) => ({
          channel: units[i].channel,
          shownContrast: shown[i].contrast,
          ...measure,
        })),
      },
    },
  };
}

function firstOfMiddleLayer({ id, layers }: Network): string {
  const middle = layers[Math.floor(layers.length / 2)];
  if (middle) return `${middle.alias}:0`;
  throw new InputError(`Cannot choose a unit of ${id}: it has no feature maps; name one`);
}

/** The unit that is activated: of a channel, the one in the middle if that is wanted. */
function placed(unit: Unit, { facts }: CutNetwork, { place }: NeuronOptions): Unit {
  const [, , rows, columns] = facts.get(unit.layer)?.dims ?? [];
  if (place === "everywhere" || unit.row !== undefined || columns === undefined) return unit;
  return { ...unit, row: Math.floor(rows / 2), column: Math.floor(columns / 2) };
}

async function measured(
  ground: CutNetwork,
  forward: Model,
  { unit, image, values, index, seed, stepSeconds }: Synthesis,
  options: RunOptions,
) {
  const { layer, channel, row, column } = unit;
  const feeds = { [ground.inputName]: image };
  const { [layer]: result } = await ground.evaluate(forward, feeds, [layer], options);
  const area = result.dims.slice(2).reduce((product, extent) => product * extent, 1);
  const plane = (result.data as Float32Array).subarray(channel * area, (channel + 1) * area);
  const at = row === undefined ? undefined : row * result.dims[3] + column!;
  return {
    activation: at === undefined ? plane.reduce((a, b) => Math.max(a, b), -Infinity) : plane[at],
    meanActivation: plane.reduce((sum, value) => sum + value, 0) / area,
    meanVariation: meanVariation(image, ground.manifest.input),
    steps: values.length,
    keptStep: index + 1,
    seed,
    stepSeconds,
  };
}

/** Pixels on a side of an image in the sheet. */
export const SHEET_SIDE = 56;

/** Images a row: on a phone, each is as large as a finger. */
export const SHEET_COLUMNS = 8;

/** The images of several units side by side, small and without gaps. */
export function sheetOf(images: readonly Image[]): Image {
  const small = images.map((image) => resize(image, SHEET_SIDE, SHEET_SIDE));
  return montage(small, { columns: SHEET_COLUMNS, gap: 0 });
}
