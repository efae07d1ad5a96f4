import { openModel } from "../../models/mod.ts";
import { decodeImage } from "../../shared/image/mod.ts";
import { deprocess, preprocess } from "../../shared/models/mod.ts";
import type { Network } from "../../shared/network/network.ts";
import { openNetwork } from "../../shared/network/open_network.ts";
import { occlusionOptions } from "../../shared/methods/occlusion/mod.ts";
import type { MethodInput } from "../../shared/contract/method.ts";
import { normalAt } from "../../shared/tensor/random.ts";
import { elementCount, float32 } from "../../shared/tensor/tensor.ts";
import { optionHelp } from "../cli/help.ts";
import { parseCommandLine } from "../cli/option_parser.ts";
import { table } from "../cli/table.ts";
import { type Benchmark, writeFigures } from "./benchmark.ts";
import { classifiersHere } from "./bench_options.ts";
import { type OcclusionBenchOptions, occlusionBenchOptions } from "./occlusion_options.ts";
import { type PositionTiming, timePositions } from "./time_positions.ts";
import { vggLike } from "./vgg_like.ts";
import { type RefinementStage, watchRefinement } from "./watch_refinement.ts";

/** What an occlusion map costs: per position, and until it can be told. */
export const occlusionBenchmark: Benchmark = {
  name: "occlusion",
  summary: "Times occlusion maps: full against incremental inference, and refinement.",
  help: optionHelp("Options of occlusion", occlusionBenchOptions),
  run,
};

const VGG_LIKE = "vgg-like";
const SAMPLE = new URL("../../site/public/samples/street.png", import.meta.url);

/** A network under measurement. */
interface Subject {
  readonly network: Network;
  readonly options: OcclusionBenchOptions;
  readonly signal: AbortSignal;
}

async function run(args: readonly string[], signal: AbortSignal): Promise<void> {
  const [options] = parseCommandLine(args, occlusionBenchOptions);
  const parts = options.parts.split(",");
  const positions: PositionTiming[] = [];
  const refinement: RefinementStage[] = [];
  for (const id of options.models?.split(",") ?? [...classifiersHere(), VGG_LIKE]) {
    const isRandom = id === VGG_LIKE;
    const source = isRandom ? vggLike() : await openModel(id);
    await using network = await openNetwork(source, { backend: options.backend, signal });
    const subject = { network, options, signal };
    if (parts.includes("positions")) positions.push(...await ofPositions(subject));
    // What a network without training looks at tells nothing.
    if (parts.includes("refinement") && !isRandom) refinement.push(...await ofRefinement(subject));
  }
  for (const rows of [positionRows(positions), refinementRows(refinement)]) {
    if (rows.length > 1) console.log(`${table(rows)}\n`);
  }
  if (options.json !== undefined) {
    await writeFigures(options.json, { positions, refinement });
  }
}

async function ofPositions({ network, options, signal }: Subject): Promise<PositionTiming[]> {
  const { window, stride, positions } = options;
  const timings: PositionTiming[] = [];
  for (const measures of ["all", "logit"] as const) {
    timings.push(
      await timePositions({
        network,
        input: noise(network),
        options: occlusionOptions.parse({ window, stride, layer: "none", measures }),
        positions,
        signal,
      }),
    );
    console.error(`${network.id}, ${measures}: ${timings.at(-1)!.ratio.toFixed(2)} x`);
  }
  return timings;
}

async function ofRefinement({ network, options, signal }: Subject): Promise<RefinementStage[]> {
  const image = await decodeImage(await Deno.readFile(options.image ?? SAMPLE));
  const { window, stride, tile } = options;
  const chosen = occlusionOptions.parse({ window, stride, layer: "none" });
  const input = preprocess(image, network.manifest.input);
  return await watchRefinement(network, input, chosen, tile, signal);
}

/** An input whose contents do not matter. */
function noise({ inputDims: dims, manifest }: Network): MethodInput {
  const values = Float32Array.from({ length: elementCount(dims) }, (_, i) => normalAt(1, i));
  const tensor = float32(values, dims);
  return { tensor, image: deprocess(tensor, manifest.input) };
}

const millions = (count: number) => (count / 1e6).toFixed(1);
const percent = (share: number) => `${(100 * share).toFixed(0)} %`;

function positionRows(timings: readonly PositionTiming[]): string[][] {
  return [
    [
      "model",
      "backend",
      "measured",
      "full, ms",
      "incremental, ms",
      "ratio",
      "million multiply-adds: full",
      "incremental",
      "bound",
      "over bound",
    ],
    ...timings.map(({ model, backend, measures, fullMs, incrementalMs, ratio, multiplyAdds }) => [
      model,
      backend,
      measures,
      fullMs.toFixed(1),
      incrementalMs.toFixed(1),
      `${ratio.toFixed(2)} x`,
      millions(multiplyAdds.full),
      millions(multiplyAdds.incremental),
      millions(multiplyAdds.bound),
      `${(multiplyAdds.incremental / multiplyAdds.bound).toFixed(2)} x`,
    ]),
  ];
}

function refinementRows(stages: readonly RefinementStage[]): string[][] {
  return [
    ["model", "positions known", "rank correlation of scores", "of the map"],
    ...stages.map(({ model, positions, known, scores, attribution }) => [
      model,
      `${known} of ${positions}, ${percent(known / positions)}`,
      scores.toFixed(3),
      attribution.toFixed(3),
    ]),
  ];
}
