/** A network whose scores do not depend on the image: every method says so in one sentence. */
import { afterAll, expect, test } from "vitest";
import { parseOptions } from "../../shared/contract/parse_options.ts";
import { runMethod } from "../../shared/contract/run_method.ts";
import { loadMethod } from "../../shared/methods/registry.ts";
import { deprocess, manifestFor } from "../../shared/models/mod.ts";
import { openNetwork } from "../../shared/network/open_network.ts";
import { encodeModel, ModelBuilder } from "../../shared/onnx/mod.ts";
import { float32 } from "../../shared/tensor/tensor.ts";
import { randomTensor } from "../networks.ts";

const SIDE = 24;

/** Image -> convolution -> rectifier -> dense layer without weights, with a bias: three scores. */
function constantScores(): Uint8Array {
  const b = new ModelBuilder();
  const x = b.input("x", [1, 3, SIDE, SIDE]);
  const weights = b.constant(randomTensor([4, 3, 3, 3], 1, 0.4), "w");
  const features = b.op("Relu", [b.op("Conv", [x, weights], { pads: [1, 1, 1, 1] })], {}, "relu");
  const flat = b.op("Flatten", [b.op("GlobalAveragePool", [features])]);
  const none = b.constant(float32(new Float32Array(12), [4, 3]), "none");
  const bias = b.constant(float32(Float32Array.of(1, 3, 2), [3]), "bias");
  b.output(b.op("Gemm", [flat, none, bias], {}, "logits"));
  return encodeModel(b.build());
}

const manifest = manifestFor({ path: "constant.onnx", height: SIDE, width: SIDE });
const network = await openNetwork({ manifest, bytes: constantScores() }, { backend: "wasm" });
afterAll(() => network.dispose());

const tensor = randomTensor([1, 3, SIDE, SIDE], 7, 0.2);
const image = { tensor, image: deprocess(tensor, manifest.input) };

const FLAT = /gradient of its \w+ by .* is 0 everywhere/;
const SENTENCES: Readonly<Record<string, RegExp>> = {
  "adversarial": FLAT,
  "cam": FLAT,
  "gradient": FLAT,
  "integrated-gradients": FLAT,
  "lrp": /no relevance reaches the image/,
  "occlusion": /^Cannot map class 1: its logit is the same wherever the occluder stands/,
  "segment": FLAT,
};

test.each(Object.entries(SENTENCES))(
  "%s says why there is nothing to see",
  async (id, sentence) => {
    const method = await loadMethod(id);
    const options = parseOptions(
      method.options,
      id === "occlusion" ? { window: "8", stride: "8" } : {},
    );
    await expect(runMethod(method, network, { image }, options, {})).rejects.toThrow(sentence);
  },
);
