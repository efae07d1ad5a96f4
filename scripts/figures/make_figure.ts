import { checkInputs, runMethod } from "../../shared/contract/run_method.ts";
import type {
  FigureArray,
  FigureFile,
  FigureImage,
  GalleryFigure,
} from "../../shared/gallery/gallery_figure.ts";
import type { ModelRef } from "../../shared/gallery/recipe.ts";
import { encodeFigure, type FigureDocument } from "../../shared/figure/mod.ts";
import { encodeWebp } from "../../shared/image/encode_image.ts";
import type { Image } from "../../shared/image/image.ts";
import { preprocessWhole } from "../../shared/models/preprocess.ts";
import { resolveClass } from "../../shared/models/resolve_class.ts";
import { sameClass } from "../../shared/models/labels.ts";
import { sha256 } from "../../shared/models/sha256.ts";
import { classScores } from "../../shared/network/class_scores.ts";
import type { Network } from "../../shared/network/network.ts";
import { loadMethod } from "../../shared/methods/registry.ts";
import type { Json, MethodInputs } from "../../shared/contract/method.ts";
import type { Tensor } from "../../shared/tensor/tensor.ts";
import { thumbnailOf } from "./thumbnail.ts";
import { openCorpus, openImage } from "./inputs.ts";
import type { FigureJob } from "./job.ts";
import type { OpenNetworks } from "./open_networks.ts";

/** Names of measures of time: they tell about the machine, not about the figure. */
const TIMING = /seconds$/i;

/** A figure that is made, with the content of its files by name. */
export interface MadeFigure {
  readonly figure: GalleryFigure;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/**
 * Makes a figure.
 *
 * @throws {Error} If the network, the inputs or the options do not fit what the recipe says.
 */
export async function makeFigure(job: FigureJob, networks: OpenNetworks): Promise<MadeFigure> {
  const { id, set, recipe, file, images: folder } = job;
  const method = await loadMethod(recipe.method);
  const network = await networks.open(recipe.model, file);
  const { image, guide, corpus } = recipe.inputs;
  const inputs: MethodInputs = {
    ...image && { image: await openImage(image, network, folder) },
    ...guide && { guide: await openImage(guide, network, folder) },
    ...corpus && { corpus: await openCorpus(corpus, network, folder) },
  };
  checkInputs(method, inputs);
  const started = performance.now();
  const result = await runMethod(method, network, inputs, recipe.options, {});
  const seconds = (performance.now() - started) / 1000;
  const judged = recipe.judge && await judge(recipe.judge, job, result.images, network, networks);

  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  const add = async (name: string, bytes: Uint8Array<ArrayBuffer>): Promise<FigureFile> => {
    const path = `${id}.${name}`;
    files.set(path, bytes);
    return { file: path, bytes: bytes.length, sha256: await sha256(bytes) };
  };
  const figures: Record<string, FigureDocument> = {};
  const layers: (FigureFile | undefined)[] = [];
  for (const [name, figure] of Object.entries(result.figures)) {
    if (job.figureNames && !job.figureNames.includes(name)) continue;
    figures[name] = await encodeFigure(figure, async (image, { isExact }) => {
      const settings = { lossless: isExact || job.isLossless };
      // All are encoded at once: the number is taken before the first wait.
      const place = layers.push(undefined) - 1;
      const layer = await add(`${place}.webp`, await encodeWebp(image, settings));
      layers[place] = layer;
      return layer.file;
    });
  }
  const images: Record<string, FigureImage> = {};
  if (job.thumbnail !== undefined) {
    const image = await thumbnailOf(Object.values(result.figures)[0], job.thumbnail);
    const { width, height } = image;
    images.thumbnail = {
      ...await add("thumbnail.webp", await encodeWebp(image, { lossless: job.isLossless })),
      ...{ width, height },
    };
  }
  for (const name of job.imageNames ?? Object.keys(result.images)) {
    const image = result.images[name];
    if (image === undefined) throw missing("image", name, Object.keys(result.images));
    const bytes = await encodeWebp(image, { lossless: job.isLossless });
    const { width, height } = image;
    images[name] = { ...await add(`${name}.webp`, bytes), width, height };
  }
  const others: Record<string, FigureFile> = {};
  for (const [name, bytes] of Object.entries(result.files ?? {})) {
    others[name] = await add(name, new Uint8Array(bytes));
  }
  const figure: GalleryFigure = {
    id,
    set,
    recipe,
    backend: network.backend,
    measures: {
      ...withoutTimings(result.measures) as GalleryFigure["measures"],
      ...judged && { transfer: judged },
    },
    figures,
    layers: layers.filter((layer) => layer !== undefined),
    images,
    files: others,
    arrays: Object.fromEntries(job.arrays.map((name) => {
      const array = result.arrays[name];
      if (array === undefined) throw missing("array", name, Object.keys(result.arrays));
      return [name, arrayOf(array)];
    })),
    timings: {
      seconds: Number(seconds.toFixed(2)),
      ...Object.fromEntries(
        Object.entries(result.measures).filter(([name, value]) =>
          TIMING.test(name) && typeof value === "number"
        ) as [string, number][],
      ),
    },
  };
  return { figure, files };
}

function withoutTimings(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutTimings);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !TIMING.test(name))
      .map(([name, item]) => [name, withoutTimings(item)]),
  );
}

/** What another network of the same classes sees in the result. */
async function judge(
  ref: ModelRef,
  { recipe }: FigureJob,
  images: Readonly<Record<string, Image>>,
  maker: Network,
  networks: OpenNetworks,
): Promise<Json> {
  const network = await networks.open(ref);
  const target = sameClass(
    resolveClass(String(recipe.options.target), maker.labels),
    maker.labels,
    network.labels,
  );
  const [image] = Object.values(images);
  const seen = preprocessWhole(image, network.manifest.input);
  const { probabilities } = await classScores(network, seen);
  const rank = probabilities.filter((value) => value > probabilities[target]).length + 1;
  return { network: ref.id, probability: probabilities[target], rank };
}

const missing = (kind: string, name: string, there: readonly string[]) =>
  new RangeError(`Cannot keep the ${kind} "${name}": the method gives ${there.join(", ")}`);

function arrayOf({ dims, data }: Tensor): FigureArray {
  return { dims, data: Array.from(data as Float32Array, (value) => Number(value.toPrecision(5))) };
}
