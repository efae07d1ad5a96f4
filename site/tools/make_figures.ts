/**
 * Computes the figures of the home page from our own sample pictures, and writes their recipe
 * beside them: MODEL_MIRROR=<folder> deno run -A site/tools/make_figures.ts
 */
import { openModel } from "../../models/catalogue.ts";
import {
  BLUE_RED,
  decodeImage,
  encodePng,
  overlay,
  resize,
  valueRange,
} from "../../shared/image/mod.ts";
import { deprocess, preprocess } from "../../shared/models/mod.ts";
import { openNetwork } from "../../shared/techniques/network.ts";
import {
  evaluateTile,
  occluded,
  occluder,
  occlusionArrays,
  occlusionGrid,
  occlusionOptions,
  planOcclusion,
} from "../../shared/techniques/occlusion/mod.ts";

const MODEL = "googlenet-bvlc";
const OPTIONS = occlusionOptions.parse({ window: 40, stride: 8, fill: "grey", score: "logit" });
const SAMPLES = ["street", "balloons", "still_life"];
const SIDE = 448;
const out = new URL("../public/figures/", import.meta.url);
const facts = new URL("../src/figures.json", import.meta.url);

const { manifest, bytes, labels, sha256 } = await openModel(MODEL);
await using network = await openNetwork({ manifest, bytes, labels }, { backend: "wasm" });
const figures = [];
for (const sample of SAMPLES) {
  const file = new URL(`../public/samples/${sample}.png`, import.meta.url);
  const input = preprocess(await decodeImage(await Deno.readFile(file)), manifest.input);
  const plan = await planOcclusion(network, input, OPTIONS);
  const count = plan.rows * plan.columns;
  const part = await evaluateTile(network, plan, [...Array(count).keys()]);
  const { attribution, scores } = occlusionArrays(plan, [part]);
  const { width, height } = input.picture;
  const values = attribution.data.subarray(0, width * height);
  const range = valueRange(values, BLUE_RED.kind);
  const large = resize(input.picture, SIDE, SIDE);
  const map = overlay(large, { width, height, values }, BLUE_RED, { range });
  const logits = Array.from({ length: count }, (_, i) => scores.data[2 * i]);
  const worst = logits.indexOf(Math.min(...logits));
  const { windows } = occlusionGrid(height, width, OPTIONS.window, OPTIONS.stride);
  const { fill, window, seed } = OPTIONS;
  const shown = occluder(fill, {
    input: input.tensor,
    window,
    seed,
    preprocessing: manifest.input,
  });
  const hidden = deprocess(occluded(input.tensor, shown, [windows[worst]]), manifest.input);
  await Deno.writeFile(new URL(`${sample}_map.png`, out), encodePng(map));
  await Deno.writeFile(
    new URL(`${sample}_hidden.png`, out),
    encodePng(resize(hidden, SIDE, SIDE)),
  );
  figures.push({
    sample,
    label: plan.target.label.split(",")[0],
    logit: plan.unoccluded.logit,
    probability: plan.unoccluded.probability,
    lowestLogit: logits[worst],
    lowestProbability: scores.data[2 * worst + 1],
    range,
    positions: count,
  });
}
const recipe = { technique: "occlusion", model: MODEL, modelSha256: sha256, options: OPTIONS };
await Deno.writeTextFile(
  facts,
  JSON.stringify({ title: manifest.title, recipe, figures }, null, 2) + "\n",
);
