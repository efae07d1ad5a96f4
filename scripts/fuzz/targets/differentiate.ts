import { differentiate, energy, propagateRelevance } from "../../../shared/grad/mod.ts";
import { decodeModel, encodeModel, type Model } from "../../../shared/onnx/mod.ts";
import { prepareModel } from "../../../shared/network/open/prepare_model.ts";
import { mutateNetwork } from "../mutate_network.ts";
import { networkSeeds } from "../seeds/networks.ts";
import { isExpected, type Target } from "../target.ts";

export const differentiation: Target = {
  name: "differentiate",
  summary: "the gradient and the relevance of the last output by the first input, as graphs",
  seeds: networkSeeds,
  endings: [".onnx"],
  mutate: (draw, seeds) => mutateNetwork(draw, seeds, 0.1),
  run(bytes) {
    const { model } = prepareModel(decodeModel(bytes));
    const faults = [gradient, relevance].flatMap((make) => {
      try {
        make(model);
        return [];
      } catch (error) {
        return [error];
      }
    });
    const unexpected = faults.find((error) => !isExpected(error));
    if (unexpected) throw unexpected;
  },
  batch: 5_000,
};

const ends = ({ graph }: Model) => ({
  input: graph.input[0]?.name ?? "",
  output: graph.output.at(-1)?.name ?? "",
});

function gradient(model: Model): void {
  const { input, output } = ends(model);
  encodeModel(differentiate(model, { objective: energy(output), wrt: [input] }).model);
}

function relevance(model: Model): void {
  const { input, output } = ends(model);
  encodeModel(
    propagateRelevance(model, {
      from: { objective: energy(output) },
      rule: "epsilon",
      wrt: [input],
    }).model,
  );
}
