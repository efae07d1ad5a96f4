import { basename } from "node:path";
import { figureId, type ModelRef, type Recipe } from "../../shared/figures/recipe.ts";
import { VERSIONS } from "../../shared/figures/versions.ts";
import { parseOptions } from "../../shared/contract/parse_options.ts";
import { loadTechnique } from "../../shared/techniques/registry.ts";
import type {
  ChosenOptions,
  FigureOptions,
  FigureSet,
  GalleryNetwork,
  NetworkOutline,
} from "./figure_set.ts";
import { corpusRef, pictureRefs } from "./inputs.ts";
import type { FigureJob } from "./job.ts";
import { outlineOf } from "./outline.ts";

export interface PlanOptions {
  /** For figures that show nothing but what ships with the project. */
  readonly folder: string;
  /** For figures that show the user's own pictures. */
  readonly ownFolder: string;
  /** The user's own pictures; without them their figure sets are left out. */
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
  for (const { id, judge, sets } of networks) {
    const network = await outlineOf(id);
    const judgeRef = judge === undefined ? undefined : refOf(await outlineOf(judge));
    for (const set of sets) {
      const isOwn = set.pictures === "images" || set.corpus === "images";
      if (isOwn && options.images === undefined) continue;
      if (options.sets && !options.sets.includes(set.id)) continue;
      const recipes = await recipesOf(set, network, judgeRef, options.images);
      for (const recipe of recipes) {
        jobs.push({
          id: await figureId(recipe),
          set: set.id,
          recipe,
          pictureNames: set.pictureNames,
          arrays: set.arrays ?? [],
          isLossless: set.isLossless ?? false,
          folder: isOwn ? options.ownFolder : options.folder,
          ...isOwn && { images: options.images },
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
  const technique = await loadTechnique(set.technique);
  const inputs = await inputsOf(set, images);
  const corpus = set.corpus && await corpusRef(set.corpus, images);
  const version = VERSIONS[technique.id];
  return set.options(network).flatMap((chosen) => {
    const options = parseOptions(technique.options, texts(chosen)) as FigureOptions;
    return inputs.map((pictures) => ({
      model: refOf(network),
      technique: technique.id,
      version,
      options,
      inputs: { ...pictures, ...corpus && { corpus } },
      ...set.isJudged && judge && { judge },
    }));
  });
}

/** The pictures of a set's figures: one of each, or each with every guide but itself. */
async function inputsOf(
  { pictures, guides, mostPictures }: FigureSet,
  images: string | undefined,
): Promise<Pick<Recipe["inputs"], "picture" | "guide">[]> {
  if (!pictures) return [{}];
  const all = await pictureRefs(pictures, images);
  const shown = all.slice(0, mostPictures);
  if (!guides) return shown.map((picture) => ({ picture }));
  return shown.flatMap((picture) =>
    all.filter((guide) => guides.includes(basename(guide.name)) && guide !== picture)
      .map((guide) => ({ picture, guide }))
  );
}

const texts = (options: ChosenOptions): Record<string, string> =>
  Object.fromEntries(
    Object.entries(options)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, String(value)]),
  );
