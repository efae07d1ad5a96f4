import { decodeModel, takeKnownBranches, upgradeModel } from "../../../shared/onnx/mod.ts";
import { prepareModel } from "../../../shared/network/open/prepare_model.ts";
import { mutateNetwork } from "../mutate_network.ts";
import { networkSeeds } from "../seeds/networks.ts";
import type { Target } from "../target.ts";

export const shapes: Target = {
  name: "shapes",
  summary: "shape inference, and the rewrites that prepare a network",
  seeds: networkSeeds,
  endings: [".onnx"],
  mutate: (draw, seeds) => mutateNetwork(draw, seeds, 0.1),
  run(bytes) {
    takeKnownBranches(upgradeModel(prepareModel(decodeModel(bytes)).model));
  },
  batch: 10_000,
};
