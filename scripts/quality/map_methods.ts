import { runMethod } from "../../shared/contract/run_method.ts";
import { type Grid, stretchGrid } from "../../shared/image/mod.ts";
import { blurPlanes } from "../../shared/image/blur.ts";
import type { Network } from "../../shared/network/network.ts";
import { parseOptions } from "../../shared/contract/parse_options.ts";
import { RELEVANCE_RULES } from "../../shared/grad/mod.ts";
import { METHOD_TITLES } from "../../shared/methods/cam/figures.ts";
import { CAM_METHODS } from "../../shared/methods/cam/options.ts";
import { loadMethod } from "../../shared/methods/registry.ts";
import type { MethodInput } from "../../shared/contract/method.ts";
import { float32 } from "../../shared/tensor/tensor.ts";

/** What of a scene a map is of. */
export interface MapSubject {
  readonly network: Network;
  readonly input: MethodInput;
  readonly classIndex: number;
  readonly signal?: AbortSignal;
}

/** One way to say which pixels matter for a class. */
export interface MapMethod {
  readonly name: string;
  /** A value for each pixel of the network's input; the larger, the more it matters. */
  map(subject: MapSubject): Promise<Grid>;
}

/** Gradients are blurred by this share of the longer side before they point, as in TorchRay. */
const BLUR = 0.02;

/** For an input of 224 pixels, in proportion for others. */
const WINDOW = 32 / 224;

/** In how many steps a window moves by its own side. */
const STEPS = 2;

/** SmoothGrad's number of noisy copies. */
const SAMPLES = "25";

/** As many gradients as integrated gradients have steps. */
const EXPECTED = { baseline: "noise", samples: "8", steps: "4" };

const INPUT_GRADIENT = "input-x-gradient";

/** The methods that are compared, the baseline first. */
export const MAP_METHODS: readonly MapMethod[] = [
  { name: "centre", map: ({ input }) => Promise.resolve(centre(input.tensor.dims)) },
  { name: "gradient", map: (subject) => gradientMap(subject, {}) },
  { name: "SmoothGrad", map: (subject) => gradientMap(subject, { samples: SAMPLES }) },
  { name: "guided", map: (subject) => gradientMap(subject, { rule: "guided" }) },
  { name: "deconvnet", map: (subject) => gradientMap(subject, { rule: "deconvnet" }) },
  { name: "input x gradient", map: (subject) => integratedMap(subject, { kind: INPUT_GRADIENT }) },
  { name: "integrated gradients", map: (subject) => integratedMap(subject, {}) },
  { name: "expected gradients", map: (subject) => integratedMap(subject, EXPECTED) },
  ...RELEVANCE_RULES.map((rule) => ({
    name: `LRP, ${rule}`,
    map: (subject: MapSubject) => relevanceMap(subject, { rule }),
  })),
  ...CAM_METHODS.map((method) => ({
    name: METHOD_TITLES[method],
    map: (subject: MapSubject) => camMap(subject, { method }),
  })),
  { name: "Guided Grad-CAM", map: guidedCamMap },
  { name: "occlusion", map: occlusionMap },
];

/** The nearer to the middle, the larger. */
function centre(dims: readonly number[]): Grid {
  const [, , height, width] = dims;
  const values = Float32Array.from(
    { length: height * width },
    (_, i) => -Math.hypot(i % width - (width - 1) / 2, Math.floor(i / width) - (height - 1) / 2),
  );
  return { width, height, values };
}

async function gradientMap(
  subject: MapSubject,
  options: Readonly<Record<string, string>>,
): Promise<Grid> {
  return blurredSizes(await arrayOf("gradient", "gradient", subject, options));
}

async function integratedMap(
  subject: MapSubject,
  options: Readonly<Record<string, string>>,
): Promise<Grid> {
  return blurredSizes(await arrayOf("integrated-gradients", "attribution", subject, options));
}

async function relevanceMap(
  subject: MapSubject,
  options: Readonly<Record<string, string>>,
): Promise<Grid> {
  return blurredSizes(await arrayOf("lrp", "relevance", subject, options));
}

async function guidedCamMap(subject: MapSubject): Promise<Grid> {
  return blurredSizes(await arrayOf("cam", "guided", subject, { guided: "true" }));
}

/** The map after ReLU, as large as the input. */
async function camMap(
  subject: MapSubject,
  options: Readonly<Record<string, string>>,
): Promise<Grid> {
  const { data, dims: [rows, columns] } = await arrayOf("cam", "cam", subject, options);
  const [, , height, width] = subject.input.tensor.dims;
  const cells = { width: columns, height: rows, values: data.map((value) => Math.max(0, value)) };
  return { width, height, values: stretchGrid(cells, width, height) };
}

/** The largest absolute value over the channels, blurred. */
function blurredSizes({ data, dims }: Awaited<ReturnType<typeof arrayOf>>): Grid {
  const [, channels, height, width] = dims;
  const area = height * width;
  const most = new Float32Array(area);
  for (let i = 0; i < channels * area; i++) {
    most[i % area] = Math.max(most[i % area], Math.abs(data[i]));
  }
  const sigma = BLUR * Math.max(height, width);
  const blurred = blurPlanes(float32(most, [1, 1, height, width]), sigma);
  return { width, height, values: blurred.data };
}

async function occlusionMap(subject: MapSubject): Promise<Grid> {
  const [, , height, width] = subject.input.tensor.dims;
  const stride = Math.max(1, Math.round(WINDOW * Math.min(height, width) / STEPS));
  const options = {
    window: String(STEPS * stride),
    stride: String(stride),
    measures: "logit",
    layer: "none",
  };
  const { data } = await arrayOf("occlusion", "attribution", subject, options);
  return { width, height, values: data.subarray(0, height * width) };
}

/** An array that a method makes of a class. */
async function arrayOf(
  id: string,
  name: string,
  { network, input, classIndex, signal }: MapSubject,
  texts: Readonly<Record<string, string>>,
) {
  const method = await loadMethod(id);
  const options = parseOptions(method.options, { target: String(classIndex), ...texts });
  const { arrays } = await runMethod(method, network, { image: input }, options, { signal });
  const { data, dims } = arrays[name];
  return { data: data as Float32Array, dims };
}
