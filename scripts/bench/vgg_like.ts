import { manifestFor } from "../../shared/models/mod.ts";
import { encodeModel, ModelBuilder } from "../../shared/onnx/mod.ts";
import type { NetworkSource } from "../../shared/network/network.ts";
import { normalAt } from "../../shared/tensor/random.ts";
import { elementCount, float32 } from "../../shared/tensor/tensor.ts";

/** Filters of the convolutions between two pools. */
const BLOCKS = [[64, 64], [128, 128], [256, 256, 256], [512, 512, 512], [512, 512, 512]];

const CLASSES = 1000;

/**
 * The convolutions of VGG-16 (Simonyan and Zisserman, ICLR 2015) with random weights: a network of
 * another shape than those that are at hand, whose times depend on its shape alone. In place of the
 * dense layers, which take four fifths of its memory and 1 % of its time, the maps are averaged.
 */
export function vggLike(): NetworkSource {
  const b = new ModelBuilder();
  let seed = 0;
  const weight = (dims: readonly number[]) => {
    const scale = Math.sqrt(2 / elementCount(dims.slice(1)));
    seed++;
    const data = Float32Array.from(
      { length: elementCount(dims) },
      (_, i) => scale * normalAt(seed, i),
    );
    return b.constant(float32(data, dims));
  };
  let value = b.input("data", ["N", 3, 224, 224]);
  let channels = 3;
  for (const block of BLOCKS) {
    for (const filters of block) {
      const inputs = [value, weight([filters, channels, 3, 3])];
      value = b.op("Relu", [b.op("Conv", inputs, { pads: [1, 1, 1, 1] })]);
      channels = filters;
    }
    value = b.op("MaxPool", [value], { kernel_shape: [2, 2], strides: [2, 2] });
  }
  const mean = b.op("Flatten", [b.op("GlobalAveragePool", [value])]);
  b.output(b.op("Gemm", [mean, weight([CLASSES, channels])], { transB: 1 }, "logits"));
  b.output(b.op("Softmax", ["logits"], { axis: 1 }, "prob"));
  const manifest = manifestFor({ path: "vgg-like", height: 224, width: 224 });
  return { manifest, bytes: encodeModel(b.build()) };
}
