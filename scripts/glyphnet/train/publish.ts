/**
 * `deno task train:publish [glyphnet | glyphnet-b] [--scenes <count>]`: writes the network of the
 * last checkpoint into models/, with its manifest, its card and an image of its first layer.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";
import { encodePng } from "../../../shared/image/mod.ts";
import { type Manifest, parseManifest, sha256 } from "../../../shared/models/mod.ts";
import { encodeModel, tensorOf } from "../../../shared/onnx/mod.ts";
import { openSession } from "../../../shared/runtime/mod.ts";
import type { Tensor } from "../../../shared/tensor/tensor.ts";
import { HELD_OUT_ARTISTS, TRAINING_ARTISTS } from "../drawings/artists.ts";
import { GLYPH_CLASSES } from "../drawings/classes.ts";
import { loadGlyphs } from "../drawings/glyph_library.ts";
import { EVALUATION_SEED } from "../drawings/scene.ts";
import { MEAN, STD } from "./batch.ts";
import { readCheckpoint } from "./checkpoint.ts";
import { evaluate } from "./evaluate.ts";
import { exportModel } from "./export_model.ts";
import { filterSheet } from "./filter_sheet.ts";
import { denseLayers, type GlyphnetShape } from "./glyphnet.ts";
import { modelCard } from "./model_card.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const LABELS = "glyph-classes.json";

async function main(args: string[]): Promise<void> {
  const { values, positionals: [id = "glyphnet"] } = parseArgs({
    args,
    allowPositionals: true,
    options: { scenes: { type: "string", default: "2000" } },
  });
  const path = `${ROOT}.cache/train/${id}.checkpoint`;
  const checkpoint = await readCheckpoint(path);
  if (checkpoint === undefined) {
    throw new Deno.errors.NotFound(
      `Cannot publish ${id}: there is no ${path}; run "deno task train ${id}"`,
    );
  }
  const { options } = checkpoint;
  if (checkpoint.step < options.steps) {
    console.warn(`The checkpoint is of step ${checkpoint.step}; training ends at ${options.steps}`);
  }
  const model = exportModel(checkpoint);
  const bytes = encodeModel(model);
  const digest = await sha256(bytes);

  await using session = await openSession(bytes, { backend: "wasm" });
  const { side } = options.shape;
  const scenes = { seed: EVALUATION_SEED, scenes: Number(values.scenes), side };
  const known = await evaluate(session, await loadGlyphs(TRAINING_ARTISTS), scenes);
  const heldOut = await evaluate(session, await loadGlyphs(HELD_OUT_ARTISTS), scenes);
  console.table({ known, heldOut });

  const folder = `${ROOT}models/${id}`;
  await Deno.mkdir(folder, { recursive: true });
  const kernels = model.graph.initializer.find(({ name }) => name === "conv1/weight")!;
  const sheet = encodePng(filterSheet(tensorOf(kernels) as Tensor<"float32">));
  const facts = { id, options, step: checkpoint.step, sha256: digest, bytes: bytes.length };
  const card = modelCard({ ...facts, evaluationSeed: EVALUATION_SEED, known, heldOut });
  const manifest = manifestOf(id, options.shape, digest, bytes.length);
  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  await Deno.writeFile(`${folder}/model.onnx`, bytes);
  await Deno.writeFile(`${folder}/conv1.png`, sheet);
  await Deno.writeTextFile(`${folder}/README.md`, card);
  await Deno.writeTextFile(`${ROOT}models/manifests/${id}.json`, json(manifest));
  const labels = GLYPH_CLASSES.map(({ label }) => label);
  await Deno.writeTextFile(`${ROOT}models/labels/${LABELS}`, json(labels));
}

function manifestOf(id: string, shape: GlyphnetShape, digest: string, bytes: number): Manifest {
  const { side, convs } = shape;
  const names = convs.flatMap(({ isPooled }, i) => [
    `conv${i + 1}`,
    `relu${i + 1}`,
    ...isPooled ? [`pool${i + 1}`] : [],
  ]);
  const dense = denseLayers(shape);
  const scores = dense[dense.length - 1];
  const hidden = dense.slice(0, -1).flatMap((name) => [name, name.replace("fc", "relu")]);
  return parseManifest({
    id,
    title: id === "glyphnet" ? "Glyphnet" : "Glyphnet B",
    source: { path: `../${id}/model.onnx` },
    sha256: digest,
    bytes,
    licence: { name: "Apache-2.0", url: "https://www.apache.org/licenses/LICENSE-2.0" },
    homepage: null,
    provenance: `Trained by this project on scenes it renders; see models/${id}/README.md`,
    input: {
      name: "image",
      height: side,
      width: side,
      resize: { shortSide: side, filter: "bilinear" },
      channelOrder: "RGB",
      scale: 1 / 255,
      mean: [MEAN, MEAN, MEAN],
      std: [STD, STD, STD],
    },
    outputs: { logits: scores, probabilities: "prob", features: hidden[hidden.length - 1] },
    labels: { file: LABELS, offset: 0 },
    layers: [...names, ...hidden, scores, "prob"].map((name) => ({ alias: name, tensor: name })),
  }, id);
}

await main(Deno.args);
