import { preprocess } from "../../shared/models/mod.ts";
import type { Network } from "../../shared/network/network.ts";
import type { MethodInput } from "../../shared/contract/method.ts";
import { TRAINING_ARTISTS } from "../glyphnet/drawings/artists.ts";
import { loadGlyphs } from "../glyphnet/drawings/glyph_library.ts";
import { labelledScenes, type Scene } from "../glyphnet/drawings/scene.ts";

/** All that a scene shows of a class. */
export interface ShownClass {
  readonly classIndex: number;
  /** For each pixel of the input, whether it shows the class. */
  readonly mask: Uint8Array;
}

/** A scene as a network sees it, with what is true of it. */
export interface QualityScene {
  readonly input: MethodInput;
  /** What the scene is an image of. */
  readonly main: ShownClass;
  /** Of the smaller objects, those that can be seen well enough. */
  readonly others: readonly ShownClass[];
}

/** Share of the image's pixels that a class must have to be looked for. */
const LEAST_SHARE = 0.005;

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
    yield { input: preprocess(scene.image, input), ...classesIn(scene) };
  }
}

function classesIn({ objects, main, owner }: Scene): Pick<QualityScene, "main" | "others"> {
  const classOf = (pixel: number) => owner[pixel] === 0 ? -1 : objects[owner[pixel] - 1].classIndex;
  const shown = (classIndex: number): ShownClass => ({
    classIndex,
    mask: owner.map((_, pixel) => Number(classOf(pixel) === classIndex)),
  });
  const mainClass = objects[main].classIndex;
  const others = new Set(objects.map(({ classIndex }) => classIndex));
  others.delete(mainClass);
  const isSeen = ({ mask }: ShownClass) =>
    mask.reduce((sum, value) => sum + value, 0) >= LEAST_SHARE * mask.length;
  return { main: shown(mainClass), others: [...others].map(shown).filter(isSeen) };
}
