import { decodeModel, encodeModel, printModel } from "../../../shared/onnx/mod.ts";
import { mutateNetwork } from "../mutate_network.ts";
import { networkSeeds } from "../seeds/networks.ts";
import { Mismatch, type Target } from "../target.ts";

export const onnx: Target = {
  name: "onnx",
  summary: "the reader of ONNX files; what it read is written back and read again",
  seeds: networkSeeds,
  endings: [".onnx"],
  mutate: (draw, seeds) => mutateNetwork(draw, seeds, 0.6),
  run(bytes) {
    const model = decodeModel(bytes);
    printModel(model);
    const written = encodeModel({ ...model, graph: { ...model.graph } });
    const again = encodeModel(decodeModel(written));
    if (!again.every((byte, i) => byte === written[i])) {
      throw new Mismatch("What was written reads as something else");
    }
  },
  batch: 20_000,
};
