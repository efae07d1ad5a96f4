import { basename } from "node:path";
import {
  figureId,
  type InputRef,
  type ModelRef,
  type Recipe,
} from "../../shared/gallery/recipe.ts";
import { VERSIONS } from "../../shared/gallery/versions.ts";
import { parseOptions } from "../../shared/contract/parse_options.ts";
import { loadMethod } from "../../shared/methods/registry.ts";
import type {
  ChosenOptions,
  FigureOptions,
  FigureSet,
  GalleryNetwork,
  NetworkOutline,
} from "./figure_set.ts";
import { corpusRef, imageRefs } from "./inputs.ts";
import type { FigureJob } from "./job.ts";
import { outlineOf } from "./outline.ts";

export interface PlanOptions {
  /** For figures that show nothing but what ships with the project. */
  readonly folder: string;
  /** For figures that show the user's own images. */
  readonly ownFolder: string;
  /** The user's own images; without them their figure sets are left out. */
  readonly images?: string;
  /** Ids of figure sets to keep. @default all */
  readonly sets?: readonly string[];
}

/** Every figure that the configuration asks for, of networks in their order. */
export async function planFigures(
  networks: readonly GalleryNetwork[],
  options: PlanOptions,
): Promise<FigureJob[]> {
  const jobs: FigureJob[] = [];
  for (const { id, file, isOwn: isOwnNetwork = false, judge, sets } of networks) {
    const network = await outlineOf(file ?? id);
    const judgeRef = judge === undefined ? undefined : refOf(await outlineOf(judge));
    for (const set of sets) {
      const showsImages = set.images === "images" || set.corpus === "images";
      if (showsImages && options.images === undefined) continue;
      if (options.sets && !options.sets.includes(set.id)) continue;
      const recipes = await recipesOf(set, network, judgeRef, options.images);
      for (const recipe of recipes) {
        jobs.push({
          id: await figureId(recipe),
          set: set.id,
          recipe,
          figureNames: set.figureNames,
          thumbnail: set.thumbnail,
          imageNames: set.imageNames,
          arrays: set.arrays ?? [],
          isLossless: set.isLossless ?? false,
          folder: isOwnNetwork || showsImages ? options.ownFolder : options.folder,
          ...file !== undefined && { file },
          ...showsImages && { images: options.images },
        });
      }
    }
  }
  return jobs;
}

const refOf = ({ id, sha256 }: NetworkOutline): ModelRef => ({ id, sha256 });

async function recipesOf(
  set: FigureSet,
  network: NetworkOutline,
  judge: ModelRef | undefined,
  images: string | undefined,
): Promise<Recipe[]> {
  const method = await loadMethod(set.method);
  const inputs = await inputsOf(set, images);
  const corpus = set.corpus && await corpusRef(set.corpus, images);
  const version = VERSIONS[method.id];
  return set.options(network).flatMap((chosen) => {
    const options = parseOptions(method.options, texts(chosen)) as FigureOptions;
    return inputs.map((images) => ({
      model: refOf(network),
      method: method.id,
      version,
      options,
      inputs: { ...images, ...corpus && { corpus } },
      ...set.isJudged && judge && { judge },
    }));
  });
}

/** The images of a set's figures: one of each, or each with every guide but itself. */
async function inputsOf(
  { images: source, chosen, guides, mostImages }: FigureSet,
  folder: string | undefined,
): Promise<Pick<Recipe["inputs"], "image" | "guide">[]> {
  if (!source) return [{}];
  const all = await imageRefs(source, folder);
  const shown = (chosen?.map((name) => named(name, all)) ?? all).slice(0, mostImages);
  if (!guides) return shown.map((image) => ({ image }));
  return shown.flatMap((image) =>
    all.filter((guide) => guides.includes(basename(guide.name)) && guide !== image)
      .map((guide) => ({ image, guide }))
  );
}

function named(name: string, all: readonly InputRef[]): InputRef {
  const found = all.find((image) => basename(image.name) === name);
  if (found) return found;
  const names = all.map((image) => basename(image.name)).join(", ");
  throw new RangeError(`Cannot plan figures of the image "${name}": expected one of ${names}`);
}

const texts = (options: ChosenOptions): Record<string, string> =>
  Object.fromEntries(
    Object.entries(options)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, String(value)]),
  );
