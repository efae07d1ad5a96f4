import { InputError } from "../errors.ts";
import { type Fact, type Model, takeKnownBranches, upgradeModel } from "../onnx/mod.ts";
import { layoutTime, positionCount, totalArea, wholeMultiplyAdds } from "./cost.ts";
import { type Layout, layOut } from "./layout.ts";
import { type Positions, type Trace, traceChanges, type TracedNode } from "./trace_changes.ts";

export interface PlanIncrementalOptions {
  /** The input that a part of changes. */
  readonly input: string;
  /** Its shape, [1, C, H, W]. */
  readonly dims: readonly number[];
  /** Where it changes: spans of its rows and of its columns; each pair of them is a position. */
  readonly positions: Positions;
  /** Tensors that are needed as a whole. */
  readonly outputs: readonly string[];
  /** Feature maps that may also come as a patch. @default [] */
  readonly maps?: readonly string[];
  /**
   * Nodes that change in a larger part of their map, 0 to 1, are computed as a whole. @default the
   * one that costs least
   */
  readonly breakEven?: number;
  /**
   * How many times as dear it is to run a node and to copy, beside multiply-adds, as on WASM in one
   * thread: the faster a runtime multiplies, the more.
   *
   * @default 1
   */
  readonly overhead?: number;
}

/** Multiply-adds of convolutions and products, the mean over all positions. */
export interface MultiplyAdds {
  /** Of the whole network. */
  readonly full: number;
  /** Of the plan. */
  readonly incremental: number;
  /** Of what changes, and of nothing else. */
  readonly bound: number;
}

/** How to compute a network whose input changes in a part. */
export interface IncrementalPlan {
  /** Written for operator set 18 or later. */
  readonly model: Model;
  readonly facts: ReadonlyMap<string, Fact>;
  readonly options: PlanIncrementalOptions;
  readonly trace: Trace;
  readonly layout: Layout;
  readonly multiplyAdds: MultiplyAdds;
  /** As in the options. */
  readonly breakEven: number;
  /** How many times as fast as full inference it should be; 1 where nothing is gained. */
  readonly speedup: number;
}

/**
 * Plans incremental inference (Nakandala, Nagrecha, Kumar, Papakonstantinou: "Incremental and
 * Approximate Inference for Faster Occlusion-based Deep CNN Explanations", SIGMOD 2019): what a
 * small change of the input can reach is computed anew, all else is taken from the run without it.
 * So the result is that of full inference, up to rounding.
 *
 * Of the paper, this is the exact part. Regions are exact for each position, at borders too, and
 * break-even is chosen by cost.
 *
 * @throws {RangeError} If a tensor is unknown, or shapes are open.
 */
export function planIncremental(source: Model, options: PlanIncrementalOptions): IncrementalPlan {
  const { input, dims, positions, outputs, maps = [], overhead = 1 } = options;
  const { model, facts } = takeKnownBranches(upgradeModel(source), { inputs: { [input]: dims } });
  const trace = traceChanges(model, facts, input, positions, [...outputs, ...maps]);
  const unknown = [...outputs, ...maps].find((name) => !trace.index.has(name));
  if (unknown !== undefined) {
    throw new InputError(`Cannot plan the inference: there is no tensor "${unknown}"`);
  }
  const layoutFor = (share: number) =>
    layOut(trace, facts, input, outputs, (node) => shareOf(node, trace, facts) <= share);
  const shares = new Set(trace.nodes.map((node) => shareOf(node, trace, facts)));
  const full = layoutFor(-1);
  const timeOf = (layout: Layout) => layoutTime(layout, facts, trace.changes, overhead);
  const fullTime = timeOf({ ...full, pastes: [] });
  let best = { layout: full, time: fullTime, breakEven: 0 };
  const asked = options.breakEven;
  for (const breakEven of asked === undefined ? shares : [asked]) {
    const layout = layoutFor(breakEven);
    const time = timeOf(layout);
    if (time < best.time || asked !== undefined) best = { layout, time, breakEven };
  }
  return {
    model,
    facts,
    options,
    trace,
    layout: best.layout,
    multiplyAdds: multiplyAddsOf(best.layout, trace, facts),
    breakEven: best.breakEven,
    speedup: fullTime / best.time,
  };
}

/** How large a part of its map a node changes, the mean over all positions; 1 for all of it. */
function shareOf({ node, locality }: TracedNode, trace: Trace, facts: Facts): number {
  if (typeof locality === "string") return 1;
  const map = trace.changes.get(node.output[0])!;
  const [, , height, width] = facts.get(node.output[0])!.dims;
  return totalArea(map) / (positionCount(map) * height * width);
}

type Facts = ReadonlyMap<string, Fact>;

function multiplyAddsOf(layout: Layout, trace: Trace, facts: Facts): MultiplyAdds {
  const sum = (of: (node: Layout["nodes"][number]) => number) =>
    layout.nodes.map(of).reduce((a, b) => a + b, 0);
  const whole = (node: TracedNode) => wholeMultiplyAdds(node, facts);
  const changing = (node: TracedNode) => whole(node) * shareOf(node, trace, facts);
  return {
    full: sum(whole),
    incremental: sum((node) => node.local ? changing(node) : whole(node)),
    bound: sum(changing),
  };
}
