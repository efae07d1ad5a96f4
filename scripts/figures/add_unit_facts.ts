import { openModel } from "../../models/mod.ts";
import type { LayerSummary, NetworkSummary } from "../../shared/gallery/network_summary.ts";
import type { Network } from "../../shared/network/network.ts";
import { openNetwork } from "../../shared/network/open_network.ts";
import { scoresFollowFrom } from "../../shared/network/scores_follow_from.ts";
import type { Backend } from "../../shared/runtime/mod.ts";
import { ablateUnits, type UnitImages } from "./ablate_units.ts";
import type { GalleryNetwork } from "./figure_set.ts";
import { corpusRef, openCorpus } from "./inputs.ts";
import type { FigureJob } from "./job.ts";
import { sceneExamples } from "./scene_examples.ts";
import type { FigureStore } from "./store.ts";
import { readSummary, writeSummaryFile } from "./write_summary.ts";

/**
 * Adds to a network's summary what running the network tells of its units: the drawn scenes that
 * activate them most, where no figure shows patches, and, of deep ones, the classes they feed. Only what was made from other figures
 * or scenes is made again; each layer is written when it is done.
 *
 * @param jobs Of all figures, which are there.
 */
export async function addUnitFacts(
  store: FigureStore,
  { id, file, unitLayers }: GalleryNetwork,
  jobs: readonly FigureJob[],
  backend: Backend,
): Promise<void> {
  let summary = await readSummary(store.folder, id);
  if (!summary) return;
  const scenes = await corpusRef("drawings");
  const deep = summary.labels.length > 0 ? unitLayers.slice(Math.floor(unitLayers.length / 2)) : [];
  const own = jobs.filter(({ recipe }) => recipe.model.id === id);
  const units = own.filter(({ recipe }) => recipe.method === "neuron");
  const hasPatches = own.some(({ recipe }) => recipe.method === "patches");
  const figuresOf = (alias: string) =>
    units.filter(({ recipe }) => String(recipe.options.unit).startsWith(`${alias}:`))
      .map((job) => job.id).sort();
  const isSeen = ({ alias, examplesFrom }: LayerSummary) =>
    hasPatches || !unitLayers.includes(alias) || examplesFrom === scenes.sha256;
  const isAblated = ({ alias, classesFrom = [] }: LayerSummary) =>
    !deep.includes(alias) || figuresOf(alias).join() === classesFrom.join();
  if (summary.layers.every((layer) => isSeen(layer) && isAblated(layer))) return;

  const source = await openModel(file ?? id);
  // Planes that are no colours are fed as arrays, and nothing can be shown of them.
  if (source.manifest.input.channelOrder === "PLANES") return;
  await using network = await openNetwork(source, { backend });
  const corpus = await openCorpus(scenes, network);
  for (const layer of summary.layers) {
    if (isSeen(layer) && isAblated(layer)) continue;
    const found = {
      ...!isSeen(layer) && {
        examples: await sceneExamples(network, layer.tensor, corpus),
        examplesFrom: scenes.sha256,
      },
      ...!isAblated(layer) && await classesOf(network, layer, store, figuresOf(layer.alias)),
    };
    summary = withLayer(summary, { ...layer, ...found });
    await writeSummaryFile(store.folder, summary);
  }
}

async function classesOf(
  network: Network,
  { tensor, dims }: LayerSummary,
  store: FigureStore,
  figures: readonly string[],
): Promise<Pick<LayerSummary, "classes" | "classesFrom">> {
  // Past a shortcut, or of tokens that are seen as a map, a channel cannot be taken away alone.
  if (!scoresFollowFrom(tensor, network)) return { classes: [], classesFrom: figures };
  const effects = await ablateUnits(network, tensor, await unitImages(store, figures));
  return {
    classes: Array.from({ length: dims[1] }, (_, channel) => effects.get(channel) ?? []),
    classesFrom: figures,
  };
}

const withLayer = (summary: NetworkSummary, layer: LayerSummary): NetworkSummary => ({
  ...summary,
  layers: summary.layers.map((one) => one.alias === layer.alias ? layer : one),
});

/** Of a unit that is alone and in a sheet, the latter. */
async function unitImages(store: FigureStore, ids: readonly string[]): Promise<UnitImages> {
  const alone = new Map<number, Uint8Array>();
  const inSheets = new Map<number, Uint8Array>();
  for (const id of ids) {
    const { recipe, images } = await store.read(id);
    const [, channel] = /:(\d+)$/.exec(String(recipe.options.unit)) ?? [];
    for (const [name, { file }] of Object.entries(images)) {
      const [, one] = /^neuron-(\d+)$/.exec(name) ?? [];
      if (one !== undefined) inSheets.set(Number(one), await store.readFile(file));
      if (name === "neuron") alone.set(Number(channel), await store.readFile(file));
    }
  }
  return new Map([...alone, ...inSheets]);
}
