import type { SceneExample } from "../../shared/gallery/network_summary.ts";
import type { Corpus } from "../../shared/contract/method.ts";
import { runMethod } from "../../shared/contract/run_method.ts";
import { patches, patchesOptions } from "../../shared/methods/patches/mod.ts";
import { placement } from "../../shared/models/placement.ts";
import type { Network } from "../../shared/network/network.ts";
import { receptiveField } from "../../shared/network/receptive_field.ts";

/** Of every drawn scene, in pixels. */
const SCENE = { width: 512, height: 512 };

/** Scenes that are kept of each unit. */
const MOST = 4;

/**
 * Share of the input that is shown at most: deep units see more, but respond to the middle of it.
 *
 * @see Luo et al., "Understanding the effective receptive field", NIPS 2016
 */
const MOST_SHOWN = 0.5;

/**
 * The scenes that activate each channel of a layer most, and where.
 *
 * @returns For each channel its scenes, the most activating first; those that do not activate it are
 * left out.
 */
export async function sceneExamples(
  network: Network,
  layer: string,
  scenes: Corpus,
): Promise<SceneExample[][]> {
  const options = patchesOptions.parse({ layer, channels: "all", count: MOST });
  const { arrays, measures } = await runMethod(patches, network, { corpus: scenes }, options);
  const names = measures.names as Readonly<Record<string, string>>;
  const [activations, images, positions] = ["activations", "images", "positions"].map((name) =>
    arrays[name].data as Float32Array | Int32Array
  );
  const boxAt = shownAt(network, layer);
  const [channels, count] = arrays.activations.dims;
  const ranks = (channel: number) => Array.from({ length: count }, (_, i) => channel * count + i);
  return Array.from(
    { length: channels },
    (_, channel) =>
      ranks(channel).filter((i) => activations[i] > 0).map((i) => ({
        scene: names[images[i]],
        box: boxAt(positions[2 * i], positions[2 * i + 1]),
        activation: Number(activations[i].toPrecision(3)),
      })),
  );
}

/** The middle of what a position sees, moved into the image where it leaves it. */
function shownAt(network: Network, layer: string) {
  const { input } = network.manifest;
  const { size: [width, height], crop } = placement(SCENE, input);
  const field = receptiveField(network, network.resolveLayer(layer));
  const along = (from: number, extent: number, whole: number, offset: number, scaled: number) => {
    const shown = Math.min(extent, MOST_SHOWN * whole);
    const start = Math.min(whole - shown, Math.max(0, from + (extent - shown) / 2));
    return [(start + offset) / scaled, shown / scaled].map((share) => Number(share.toFixed(4)));
  };
  return (row: number, column: number): SceneExample["box"] => {
    const seen = field.boxAt(row, column);
    const [left, shownWidth] = along(seen.left, seen.width, input.width, crop.left, width);
    const [top, shownHeight] = along(seen.top, seen.height, input.height, crop.top, height);
    return [left, top, shownWidth, shownHeight];
  };
}
