import type { Catalogue, OpenedModel } from "../../functions/catalogue.ts";
import { ProblemError } from "../../functions/problems.ts";
import { type Manifest, sha256 } from "../../shared/models/mod.ts";
import { convNet } from "../networks.ts";

/** Side of the tiny network's input, and its classes. */
export const SIDE = 24;
export const LABELS = ["ant", "bee", "cat", "dog", "elk"];

const manifest: Manifest = {
  id: "tiny",
  title: "A tiny network",
  source: { path: "tiny.onnx" },
  sha256: null,
  bytes: null,
  licence: { name: "CC0-1.0", url: null },
  homepage: null,
  provenance: "drawn at random by the tests",
  input: {
    height: SIDE,
    width: SIDE,
    resize: { shortSide: SIDE, filter: "bilinear" },
    channelOrder: "RGB",
    scale: 1 / 255,
    mean: [0.5, 0.5, 0.5],
    std: [0.25, 0.25, 0.25],
  },
  outputs: { logits: "logits", probabilities: "prob" },
  layers: [{ alias: "conv1", tensor: "relu1" }, { alias: "conv2", tensor: "relu2" }],
};

/** The tiny network as a catalogue opens it. */
export async function tinyModel(seed = 1, work = 0): Promise<OpenedModel> {
  const bytes = convNet({ height: SIDE, width: SIDE, seed, work });
  return {
    manifest,
    bytes,
    labels: LABELS,
    sha256: await sha256(bytes),
    origins: {},
    isListed: true,
  };
}

/**
 * A catalogue of `tiny`, and of `lost`, whose file is not here.
 *
 * @param seed Other weights for another seed.
 * @param work Layers that only take time, about 3 ms each.
 */
export function tinyCatalogue(seed = 1, work = 0): Catalogue {
  const { id, title, licence, bytes } = manifest;
  const input = { height: SIDE, width: SIDE };
  const info = { id, title, licence, bytes, available: true, input, classes: LABELS.length };
  return {
    list: () => Promise.resolve([info]),
    describe: (id) =>
      !id.endsWith("tiny")
        ? Promise.reject(missing(id))
        : Promise.resolve({ ...info, labels: LABELS, manifest, layers: manifest.layers ?? [] }),
    async file(id) {
      if (id !== "tiny") throw missing(id);
      const { bytes, sha256 } = await tinyModel(seed, work);
      return {
        size: bytes.length,
        sha256,
        async *read(start, end) {
          for (let at = start; at < end; at += 1000) {
            yield new Uint8Array(bytes.slice(at, Math.min(end, at + 1000)));
          }
        },
      };
    },
    version: () => "1",
    open(id) {
      if (id === "tiny") return tinyModel(seed, work);
      throw missing(id);
    },
  };
}

const missing = (id: string) =>
  new ProblemError("network-missing", `There is no network "${id}"; there are tiny`);
