import { preprocess } from "../../shared/models/mod.ts";
import type { Network } from "../../shared/techniques/network.ts";
import type { TechniqueInput } from "../../shared/techniques/technique.ts";
import { TRAINING_ARTISTS } from "../glyphs/artists.ts";
import { loadGlyphs } from "../glyphs/glyph_library.ts";
import { labelledScenes } from "../glyphs/labelled_scenes.ts";

/** A scene as a network sees it, with what is true of it. */
export interface QualityScene {
  readonly input: TechniqueInput;
  readonly classIndex: number;
  /** For each pixel of the input, whether it shows the main object. */
  readonly mask: Uint8Array;
  /** Objects in the scene. */
  readonly objects: number;
}

/**
 * Scenes that no network was trained on, of the size of the network's input.
 *
 * @throws {RangeError} If the network does not know the glyphs' classes, or its input is no square.
 */
export async function* scenesFor(network: Network, count: number): AsyncGenerator<QualityScene> {
  const library = await loadGlyphs(TRAINING_ARTISTS);
  const { input } = network.manifest;
  if (network.labels.length !== library.length || input.height !== input.width) {
    throw new RangeError(
      `Cannot measure ${network.id} on glyphs: it has ${network.labels.length} classes and an ` +
        `input of ${input.width} x ${input.height}, expected ${library.length} and a square`,
    );
  }
  for (const scene of labelledScenes(library, count, { side: input.height })) {
    const main = scene.main + 1;
    yield {
      input: preprocess(scene.image, input),
      classIndex: scene.objects[scene.main].classIndex,
      mask: scene.owner.map((owner) => Number(owner === main)),
      objects: scene.objects.length,
    };
  }
}
