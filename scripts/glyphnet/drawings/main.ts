/**
 * `deno task glyphs --out <folder>`: renders labelled scenes.
 *
 * @module
 */
import { refuseIdleOptions } from "../../cli/refuse_idle_options.ts";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { encodePng, type Image } from "../../../shared/image/mod.ts";
import { HELD_OUT_ARTISTS, TRAINING_ARTISTS } from "./artists.ts";
import { GLYPH_CLASSES } from "./classes.ts";
import { loadGlyphs } from "./glyph_library.ts";
import { EVALUATION_SEED, labelledScenes, type Scene } from "./scene.ts";
import { maskImage } from "./mask_image.ts";
import { SAMPLE_SIDE, sampleScenes } from "./samples.ts";

const USAGE = `usage: deno task glyphs --out <folder> [options]

Renders scenes of pictographs: <number>.png, <number>_mask.png, and scenes.json, which says what is
in them. A pixel of a mask is 0 on the background and 1, 2, ... on the objects of scenes.json. The
label is the class of the largest object.

  --out <folder>   where to; made if it is not there
  --count <n>      default 500
  --seed <n>       series of scenes; default ${EVALUATION_SEED}
  --side <pixels>  default 96
  --held-out       scenes of the artist that networks are not trained on (share-alike: do not ship)
  --samples        the large scenes that are shipped in models/glyphnet/samples, without masks
  --help`;

async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      out: { type: "string" },
      count: { type: "string", default: "500" },
      seed: { type: "string", default: String(EVALUATION_SEED) },
      side: { type: "string", default: "96" },
      "held-out": { type: "boolean" },
      samples: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help || values.out === undefined) {
    console.log(USAGE);
    Deno.exitCode = values.help ? 0 : 2;
    return;
  }
  refuseIdleOptions(
    args,
    ["count", "seed", "side", "held-out"].map((option) => ({ option, beside: "samples" })),
  );
  const [count, seed, side] = (["count", "seed", "side"] as const).map((name) =>
    wholeNumber(name, values[name])
  );
  await Deno.mkdir(values.out, { recursive: true });
  if (values.samples) {
    const samples = sampleScenes(await loadGlyphs(TRAINING_ARTISTS, SAMPLE_SIDE));
    for (const { label, scene } of samples) await writeImage(values.out, label, scene.image);
    return;
  }
  const library = await loadGlyphs(values["held-out"] ? HELD_OUT_ARTISTS : TRAINING_ARTISTS);
  const entries = [];
  for (const scene of labelledScenes(library, count, { seed, side })) {
    const number = String(entries.length).padStart(4, "0");
    const file = await writeImage(values.out, number, scene.image);
    const mask = await writeImage(values.out, `${number}_mask`, maskImage(scene));
    entries.push({ file, mask, ...describe(scene) });
  }
  const text = JSON.stringify({ seed, side, scenes: entries }, null, 2);
  await Deno.writeTextFile(join(values.out, "scenes.json"), `${text}\n`);
  console.log(`${count} scenes in ${values.out}`);
}

async function writeImage(folder: string, name: string, image: Image): Promise<string> {
  const file = `${name}.png`;
  await Deno.writeFile(join(folder, file), encodePng(image));
  return file;
}

function describe({ objects, main }: Scene) {
  return {
    label: GLYPH_CLASSES[objects[main].classIndex].label,
    classIndex: objects[main].classIndex,
    main: main + 1,
    objects: objects.map(({ classIndex, artist, size }) => ({
      label: GLYPH_CLASSES[classIndex].label,
      artist,
      size: Math.round(size),
    })),
  };
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0) return value;
  throw new RangeError(`Cannot render scenes: --${name} is ${text}, expected a whole number`);
}

await main(Deno.args);
