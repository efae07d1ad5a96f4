import { z } from "zod";
import { type Manifest, type ManifestInput, parse, type StatedInput } from "./manifest.ts";
import { timmInput } from "./timm_config.ts";

/** The file that Transformers.js runs when no other precision is asked for. */
export const HUB_FILE = "onnx/model.onnx";

/** Where a repository may have its network, in the order of asking: the most precise first. */
export const HUB_FILES: readonly string[] = [
  HUB_FILE,
  "model.onnx",
  "onnx/model_fp16.onnx",
  "model_fp16.onnx",
  "onnx/model_quantized.onnx",
  "model_quantized.onnx",
  "onnx/model_int8.onnx",
  "onnx/model_uint8.onnx",
];

/** The files that say something about a repository's network; neither has to be there. */
export const HUB_CONFIGS = ["config.json", "preprocessor_config.json"] as const;

const perChannel = z.union([z.number(), z.array(z.number())]);
const sides = z.union([
  z.int(),
  z.object({ shortest_edge: z.int() }),
  z.object({ height: z.int(), width: z.int() }),
]);

/** `preprocessor_config.json`, as far as an image's way into a network goes. */
const preprocessorSchema = z.object({
  do_resize: z.boolean().default(true),
  size: sides.default(224),
  image_processor_type: z.string().optional(),
  feature_extractor_type: z.string().optional(),
  crop_pct: z.number().positive().max(1).nullish(),
  do_center_crop: z.boolean().nullish(),
  crop_size: sides.nullish(),
  do_rescale: z.boolean().default(true),
  rescale_factor: z.number().positive().default(1 / 255),
  do_normalize: z.boolean().default(true),
  image_mean: perChannel.nullish(),
  image_std: perChannel.nullish(),
  do_flip_channel_order: z.boolean().default(false),
});

/** `config.json`; `input_name` and `output_names` are this project's, for nets of its mirror. */
const configSchema = z.object({
  id2label: z.record(z.string(), z.string()).optional(),
  label2id: z.record(z.string(), z.int()).optional(),
  num_channels: z.int().optional(),
  label_names: z.array(z.string()).optional(),
  pretrained_cfg: z.record(z.string(), z.unknown()).optional(),
  input_name: z.string().optional(),
  output_names: z.object({
    logits: z.string().optional(),
    probabilities: z.string().optional(),
    features: z.string().optional(),
  }).optional(),
});

/** Mean and deviation of ImageNet's pixels: what preprocessors that name none use. */
const IMAGENET_MEAN = [0.485, 0.456, 0.406];
const IMAGENET_STD = [0.229, 0.224, 0.225];

/** ConvNeXt's preprocessor cuts out this share of an image, and stretches large ones instead. */
const CONVNEXT_CROP = 224 / 256;
const CONVNEXT_STRETCHES_FROM = 384;

export interface HubParts {
  /** Undefined where neither file says how images are prepared. */
  readonly input?: StatedInput;
  readonly outputs?: Manifest["outputs"];
  /** Names of the outputs; undefined where the network does not name them. */
  readonly labels?: readonly string[];
}

/**
 * The parts of a manifest that a repository on the hub states in its `config.json` and
 * `preprocessor_config.json`. Follows the order of Transformers.js: resize, crop, rescale,
 * normalise in RGB, then flip to BGR. The filter is always bilinear; `resample` is not followed.
 * Repositories of timm have no preprocessor, but a `pretrained_cfg` in their `config.json`.
 *
 * @param preprocessor Undefined where the repository has none.
 * @throws {SyntaxError} If one of them is not such a file.
 */
export function hubParts(config: unknown, preprocessor?: unknown): HubParts {
  const { id2label, label2id, label_names, num_channels, input_name, output_names, ...rest } =
    parse(
      configSchema,
      config,
      "Cannot read config.json",
    );
  const name = input_name === undefined ? {} : { name: input_name };
  const input = preprocessor !== undefined
    ? { ...name, ...preprocessorInput(preprocessor, num_channels) }
    : rest.pretrained_cfg
    ? { ...name, ...timmInput(rest.pretrained_cfg, "config.json") }
    : input_name === undefined
    ? undefined
    : name;
  return {
    ...input && { input },
    ...(output_names && { outputs: output_names }),
    labels: labelList(id2label, label2id) ?? label_names,
  };
}

function preprocessorInput(preprocessor: unknown, planes: number | undefined): ManifestInput {
  const settings = parse(preprocessorSchema, preprocessor, "Cannot read preprocessor_config.json");
  const flip = settings.do_flip_channel_order;
  const channelOrder = planes === 1 ? "GRAY" : flip ? "BGR" : "RGB";
  const count = channelOrder === "GRAY" ? 1 : 3;
  const channels = (value: number | number[] | null | undefined, neutral: number[]) => {
    if (!settings.do_normalize) value = undefined;
    const list = typeof value === "number" ? Array(count).fill(value) : value ?? neutral;
    const planes = count === 1 ? list.slice(0, 1) : list;
    return flip ? planes.toReversed() : planes;
  };
  const normalised = settings.do_normalize;
  return {
    ...geometry(settings),
    channelOrder,
    scale: settings.do_rescale ? settings.rescale_factor : 1,
    mean: channels(settings.image_mean, normalised ? IMAGENET_MEAN : [0, 0, 0]),
    std: channels(settings.image_std, normalised ? IMAGENET_STD : [1, 1, 1]),
  };
}

type Settings = z.infer<typeof preprocessorSchema>;

/** Size of the input and the way to it. */
function geometry(settings: Settings): Pick<ManifestInput, "height" | "width" | "resize"> {
  const { size, crop_size, crop_pct } = settings;
  const crop = settings.do_center_crop !== false && crop_size ? extent(crop_size) : undefined;
  if (crop) {
    const shortest = Math.min(...extent(size));
    const shortSide = Math.max(settings.do_resize ? shortest : 0, Math.min(...crop));
    return { height: crop[0], width: crop[1], resize: { shortSide, filter: "bilinear" } };
  }
  const [height, width] = extent(size);
  const kind = settings.image_processor_type ?? settings.feature_extractor_type;
  const shortest = Math.min(height, width);
  if (kind?.startsWith("ConvNext") && shortest < CONVNEXT_STRETCHES_FROM) {
    const shortSide = Math.floor(shortest / (crop_pct ?? CONVNEXT_CROP));
    return { height, width, resize: { shortSide, filter: "bilinear" } };
  }
  return { height, width, resize: { stretch: true, filter: "bilinear" } };
}

/** [height, width] */
function extent(size: NonNullable<Settings["crop_size"]>): [number, number] {
  if (typeof size === "number") return [size, size];
  if ("shortest_edge" in size) return [size.shortest_edge, size.shortest_edge];
  return [size.height, size.width];
}

function labelList(
  id2label: Record<string, string> = {},
  label2id: Record<string, number> = {},
): string[] | undefined {
  const entries = Object.keys(id2label).length > 0
    ? Object.entries(id2label).map(([id, label]) => [Number(id), label] as const)
    : Object.entries(label2id).map(([label, id]) => [id, label] as const);
  if (entries.length === 0) return undefined;
  const labels: string[] = Array.from({ length: entries.length }, (_, i) => `class ${i}`);
  for (const [id, label] of entries) if (id >= 0 && id < labels.length) labels[id] = label;
  return labels;
}
