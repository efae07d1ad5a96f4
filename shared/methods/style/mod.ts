/**
 * Style transfer: the content of one image with the style of another, both as a network sees
 * them.
 *
 * @module
 */
import { InputError } from "../../errors.ts";
import { deprocess, type ManifestInput } from "../../models/mod.ts";
import { forwardModel, gramMatrix } from "../../grad/mod.ts";
import { ascend, type Ascended, gramName, naturalNoise, styleAscent } from "../../optimize/mod.ts";
import { type RunOptions, RuntimeError } from "../../runtime/mod.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Network } from "../../network/network.ts";
import { atOwnSize } from "../../contract/own_size.ts";
import { imagePanel } from "../../contract/panels.ts";
import type {
  Context,
  Method,
  MethodInput,
  MethodInputs,
  Run,
  Steps,
} from "../../contract/method.ts";
import { type StyleLayers, styleLayers } from "./style_layers.ts";
import { type StyleOptions, styleOptions } from "./options.ts";

export * from "./options.ts";

/** An image to keep and one to learn from. */
type TwoImages = MethodInputs & {
  readonly image: MethodInput;
  readonly guide: MethodInput;
};

/** Paints one image in the manner of another. */
export const style: Method<StyleOptions, TwoImages> = {
  id: "style",
  title: "Style transfer",
  summary: "Paints the content of one image in the style of another, the guide.",
  paper: {
    title: "Image Style Transfer Using Convolutional Neural Networks",
    authors: "Leon A. Gatys, Alexander S. Ecker, Matthias Bethge",
    venue: "CVPR",
    year: 2016,
    url: "https://arxiv.org/abs/1508.06576",
  },
  takes: { image: "required", guide: "required" },
  options: styleOptions,
  run,
};

/** Previews of a run. */
const PREVIEWS = 16;

async function* run(
  { network, signal }: Context,
  { image, guide }: TwoImages,
  options: StyleOptions,
): Run {
  const layers = styleLayers(network, options);
  const { inputName, manifest: { input }, model } = network;
  const { steps, weight, tv, seed, side } = options;
  const ownFeatures = async (input: MethodInput) => {
    const own = atOwnSize(input, network, side);
    try {
      return { tensor: own, ...await featuresOf(network, own, layers, { signal }) };
    } catch (error) {
      signal?.throwIfAborted();
      const isOfSize = error instanceof InputError || error instanceof RuntimeError;
      if (own === input.tensor || !isOfSize) throw error;
      // Too small for the layers, or these are made for one size: as the network sees it.
      const { tensor } = input;
      return { tensor, ...await featuresOf(network, tensor, layers, { signal }) };
    }
  };
  const { tensor, ...content } = await ownFeatures(image);
  const { tensor: pattern, ...styles } = await ownFeatures(guide);
  const { dims } = tensor;
  const isNoise = options.start === "noise";
  const start = isNoise ? naturalNoise(dims, input, seed) : tensor;
  const ascent = styleAscent(
    {
      model,
      inputName,
      dims,
      input,
      content: { layer: layers.content, features: content.content },
      styles: layers.styles.map((layer, i) => ({ layer, gram: styles.grams[i] })),
    },
    (model, feeds, outputs) => network.evaluate(model, feeds, outputs, { signal }),
    { start, steps, weight, tv },
  );
  const made = yield* painted(ascend(ascent, { keep: "best", signal }), steps, input);
  const before = isNoise ? await featuresOf(network, start, layers, { signal }) : content;
  const after = await featuresOf(network, made.image, layers, { signal });
  const style = deprocess(made.image, input);
  return {
    figures: {
      figure: {
        title: "Style transfer",
        caption: `${network.id}, ${steps} steps, style × ${weight}, at ${dims[3]} x ${
          dims[2]
        } pixels.`,
        panels: [
          imagePanel(deprocess(tensor, input), {
            id: "content",
            title: "Content",
            text: layers.content,
          }),
          imagePanel(deprocess(pattern, input), {
            id: "style",
            title: "Style",
            text: `${layers.styles.length} layers`,
          }),
          imagePanel(style, { id: "transfer", title: "Transfer", text: "" }),
        ],
      },
    },
    images: { style },
    arrays: { image: made.image },
    measures: {
      contentLayer: layers.content,
      contentLoss: {
        first: relative(before.content.data, content.content.data),
        last: relative(after.content.data, content.content.data),
      },
      styleLosses: layers.styles.map((layer, i) => ({
        layer,
        first: relative(before.grams[i].data, styles.grams[i].data),
        last: relative(after.grams[i].data, styles.grams[i].data),
      })),
      firstObjective: -made.values[0],
      lastObjective: -made.value,
      keptStep: made.index + 1,
      steps,
      stepSeconds: made.stepSeconds,
    },
  };
}

/** The steps of an ascent, with previews now and then. */
async function* painted(
  way: ReturnType<typeof ascend>,
  total: number,
  input: ManifestInput,
): Steps<Ascended> {
  for (;;) {
    const { value, done } = await way.next();
    if (done) return value;
    const { index, image } = value;
    const isShown = index % Math.ceil(total / PREVIEWS) === 0 || index === total - 1;
    const preview = isShown ? () => deprocess(image, input) : undefined;
    yield { done: index + 1, total, unit: "steps", preview };
  }
}

/** What an image is to the chosen layers. */
async function featuresOf(
  network: Network,
  image: Tensor<"float32">,
  { content, styles }: StyleLayers,
  options: RunOptions,
) {
  const { model, inputName } = network;
  const names = styles.map(gramName);
  const wanted = [content, ...names];
  const measuring = {
    key: JSON.stringify(["style", image.dims, wanted]),
    build: () =>
      forwardModel(model, {
        values: Object.fromEntries(styles.map((layer) => [gramName(layer), gramMatrix(layer)])),
        outputs: [content],
        inputs: { [inputName]: image.dims },
      }),
  };
  const found = await network.evaluate(measuring, { [inputName]: image }, wanted, options);
  const [features, ...grams] = wanted.map((name) => found[name] as Tensor<"float32">);
  return { content: features, grams };
}

/** Squared distance over the squared norm of what is wanted. */
function relative(found: Float32Array, wanted: Float32Array): number {
  const norm = wanted.reduce((sum, value) => sum + value * value, 0);
  return found.reduce((sum, value, i) => sum + (value - wanted[i]) ** 2, 0) / norm;
}
