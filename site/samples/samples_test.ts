/** Drawings that networks of photographs take for what they show. */
import { expect, test } from "vitest";
import { openModel } from "../../models/catalogue.ts";
import { readLabels } from "../../models/read_labels.ts";
import { decodeImage } from "../../shared/image/mod.ts";
import { preprocess } from "../../shared/models/mod.ts";
import { classScores } from "../../shared/network/class_scores.ts";
import { openNetwork } from "../../shared/network/network.ts";
import { modelMirror, skipWithout } from "../../tests/data.ts";

const FOLDER = new URL("../public/samples/", import.meta.url);

/** File, network, and the class that it gives most of the probability. */
const SEEN = [
  ["balloons.png", "googlenet-bvlc", "balloon"],
  ["clock.webp", "squeezenet1.1", "analog clock"],
  ["lemons.webp", "googlenet-bvlc", "lemon"],
  ["oranges.webp", "googlenet-bvlc", "orange"],
  ["strawberries.webp", "googlenet-bvlc", "strawberry"],
  ["street.png", "googlenet-bvlc", "traffic light"],
  ["teapot.webp", "googlenet-bvlc", "teapot"],
] as const;

test.skipIf(skipWithout(modelMirror, "the classes of the drawn samples")).each(SEEN)(
  "%s is taken by %s for: %s",
  async (file, model, name) => {
    const source = await openModel(model);
    const labels = await readLabels(source.manifest);
    const index = labels!.findIndex((label) => label.split(", ")[0] === name);
    await using network = await openNetwork(source, { backend: "wasm" });
    const image = await decodeImage(await Deno.readFile(new URL(file, FOLDER)));
    const { tensor } = preprocess(image, source.manifest.input);
    const { probabilities } = await classScores(network, tensor);
    expect(probabilities[index]).toBeGreaterThan(0.5);
  },
);
