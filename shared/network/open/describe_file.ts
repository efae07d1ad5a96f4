import { InputError } from "../../errors.ts";
import { labelsOfFile } from "../../models/labels_text.ts";
import {
  type ChannelOrder,
  CHANNELS,
  type Manifest,
  parseStatedInput,
  type StatedInput,
} from "../../models/manifest.ts";
import { userManifest } from "../../models/manifest_for.ts";
import { statedInFile } from "../../models/stated_in_file.ts";
import { declaredDims, declaredType, GraphIndex, type Model } from "../../onnx/mod.ts";
import { imageName } from "./feed_inputs.ts";
import { prepareModel } from "./prepare_model.ts";
import { labelsInGraph } from "./score_outputs.ts";

/** What somebody says about a network. */
export interface Statement {
  /** Who: "--mean", "net.json", "config.json", "the file's metadata". */
  readonly by: string;
  readonly input?: StatedInput;
  readonly labels?: readonly string[];
  /** All else of a manifest. */
  readonly rest?: Readonly<Record<string, unknown>>;
}

/** The fields of which it is known who said them. */
export const FIELDS = [
  "height",
  "width",
  "resize",
  "channelOrder",
  "scale",
  "mean",
  "std",
  "labels",
] as const;

/** By field: who said it; "assumed" of what nobody said. */
export type Origins = Readonly<Partial<Record<typeof FIELDS[number], string>>>;

/** What has to be known of a network beside its file, and who said it. */
export interface Description {
  readonly manifest: Manifest;
  readonly labels?: readonly string[];
  readonly origins: Origins;
}

export const ASSUMED = "assumed";

/** Share of the resized image that is cut out, of most networks for ImageNet. */
const CROPPED_SHARE = 0.875;

/**
 * Puts together what is said about a network's file: each field by the first who says it, then by
 * the file's own metadata, its graph and the declared shape; the rest is assumed: levels of 0 to 1
 * in RGB, or the levels themselves where integers are fed.
 *
 * @param path Of the file; its name becomes the id.
 * @param openSize Of the image, where nothing says it.
 * @throws {SyntaxError} If what is said is no manifest.
 * @throws {InputError} If the size is said nowhere.
 */
export function describeFile(
  path: string,
  file: Model,
  said: readonly Statement[],
  openSize?: { readonly height?: number; readonly width?: number },
): Description {
  const own = statedInFile(file);
  const all: readonly Statement[] = [
    ...said,
    ...own.input ? [{ by: own.inputFrom!, input: own.input }] : [],
  ];
  const first = <Field extends keyof StatedInput>(field: Field) => {
    const found = all.find(({ input }) => input?.[field] !== undefined);
    return found && { value: found.input![field]!, by: found.by };
  };
  const image = imageName(file, first("name")?.value);
  const shape = shapeOf(file, image, first("layout")?.value);
  const options = said[0]?.by === OPTIONS ? said[0].input : undefined;
  const height = sized(options?.height, shape.height, first("height")) ??
    sized(options?.width, undefined, undefined) ?? sized(undefined, shape.width, first("width")) ??
    assumed(openSize?.height);
  const width = sized(options?.width, shape.width, first("width")) ??
    assumed(openSize?.width) ?? height;
  if (height === undefined || width === undefined) {
    if (![0, 4].includes(shape.dims.length)) {
      throw new InputError(
        `Cannot open ${path}: its input "${image}" has shape [${
          shape.dims.map((extent) => extent ?? "?")
        }], expected an image, [1 or N, channels, height, width]`,
      );
    }
    throw new InputError(
      `Cannot open ${path}: its input has no fixed size; state one (--size), or write ` +
        path.replace(/^.*[\\/]/, "").replace(/\.onnx$/i, ".json"),
    );
  }
  const least = Math.min(height.value, width.value);
  const stated = first("resize");
  const isTooSmall = stated && "shortSide" in stated.value && stated.value.shortSide < least;
  const resize = stated && !isTooSmall ? stated : assumed({
    shortSide: Math.round(least / CROPPED_SHARE),
    filter: "bilinear" as const,
  })!;
  const channelOrder = first("channelOrder") ?? assumed(orderOf(shape.planes))!;
  const planes = channelOrder.value === "PLANES"
    ? shape.planes ?? CHANNELS.RGB
    : CHANNELS[channelOrder.value];
  const scale = first("scale") ??
    (shape.isInteger ? { value: 1, by: "the type of the input" } : assumed(1 / 255)!);
  const found = {
    height,
    width,
    resize,
    channelOrder,
    scale,
    mean: first("mean") ?? assumed(Array<number>(planes).fill(0))!,
    std: first("std") ?? assumed(Array<number>(planes).fill(1))!,
  };
  const input = Object.fromEntries(
    Object.entries(found).map(([field, { value }]) => [field, value]),
  );
  const [name, layout] = [first("name")?.value, first("layout")?.value];
  const rest = Object.assign({}, ...said.map((statement) => statement.rest ?? {}).toReversed());
  const source = said.find((statement) => statement.rest)?.by ?? `for ${path}`;
  const labels = labelsOf(file, said, own);
  return {
    manifest: userManifest(
      { ...rest, input: { ...name && { name }, ...layout && { layout }, ...input } },
      path,
      source,
    ),
    ...labels && { labels: labels.value },
    origins: {
      ...Object.fromEntries(Object.entries(found).map(([field, { by }]) => [field, by])),
      ...labels && { labels: labels.by },
    },
  };
}

/** What planes are taken for, by their number. */
function orderOf(planes: number = CHANNELS.RGB): ChannelOrder {
  return planes === CHANNELS.GRAY ? "GRAY" : planes === CHANNELS.RGB ? "RGB" : "PLANES";
}

/** Who speaks for the options of a command or a form. */
export const OPTIONS = "options";

interface Said<T> {
  readonly value: T;
  readonly by: string;
}

const assumed = <T>(value: T | undefined): Said<T> | undefined =>
  value === undefined ? undefined : { value, by: ASSUMED };

/** Options count first, then what the file declares, then what is said elsewhere. */
function sized(
  option: number | undefined,
  declared: number | undefined,
  stated: Said<number> | undefined,
): Said<number> | undefined {
  if (option !== undefined) return { value: option, by: OPTIONS };
  if (declared !== undefined) return { value: declared, by: "the shape of the input" };
  return stated;
}

/** What the graph says of its image. */
function shapeOf(file: Model, image: string | undefined, layout?: "nchw" | "nhwc") {
  const declared = file.graph.input.find(({ name }) => name === image);
  const isInteger = declared !== undefined && /int/.test(declaredType(declared));
  const { graph } = prepareModel(file, { image, layout }).model;
  const info = graph.input.find(({ name }) => name === image);
  const dims = (info && declaredDims(info)) ?? [];
  const extent = (axis: number) => {
    const value = dims[axis];
    return typeof value === "number" && value > 0 ? value : undefined;
  };
  return { dims, planes: extent(1), height: extent(2), width: extent(3), isInteger };
}

function labelsOf(
  file: Model,
  said: readonly Statement[],
  own: ReturnType<typeof statedInFile>,
): Said<readonly string[]> | undefined {
  const stated = said.find(({ labels }) => labels);
  if (stated) return { value: stated.labels!, by: stated.by };
  if (own.labels) return { value: own.labels, by: own.labelsFrom! };
  const held = labelsInGraph(new GraphIndex(file.graph));
  return held && { value: held, by: "the graph" };
}

/**
 * What a user's own JSON says: a manifest, of which nothing has to be there.
 *
 * @throws {SyntaxError} If it is none.
 */
export function statedManifest(value: unknown, source: string): Statement {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    // Says what is expected.
    userManifest(value, source, source);
  }
  const { input = {}, ...rest } = value as Readonly<Record<string, unknown>>;
  return { by: source, input: parseStatedInput(input, source), rest };
}

/** Labels out of a text file, as a statement. */
export const statedLabels = (text: string, source: string): Statement => ({
  by: source,
  labels: labelsOfFile(text, source),
});
