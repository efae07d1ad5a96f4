import {
  attributes,
  type AttributeValues,
  type Fact,
  int64List,
  type Model,
  type NodeProto,
  protoOf,
  type TensorProto,
  valueInfo,
  type ValueInfoProto,
  withGraph,
  withOutputs,
} from "../onnx/mod.ts";
import { float32, type Tensor } from "../tensor/tensor.ts";
import type { LaidNode, Paste, Read } from "./layout.ts";
import type { Locality } from "./locality.ts";
import type { IncrementalPlan } from "./plan_incremental.ts";
import { isEverThere, type Side } from "./strip.ts";
import type { Positions } from "./trace_changes.ts";

/** Something that is fed for each position; its name is that of the graph's input. */
export type Feed =
  /** The changed part of the input. */
  | { readonly kind: "patch"; readonly name: string; readonly spans: Positions }
  /** What lies on one side of a patch, of the map without the change. */
  | { readonly kind: "strip"; readonly name: string; readonly paste: Paste; readonly side: Side }
  /** By what averages at borders are multiplied. */
  | {
    readonly kind: "factor";
    readonly name: string;
    readonly spans: Positions;
    readonly factor: NonNullable<Locality["factor"]>;
  }
  /** What the rest of a map adds to its mean. */
  | { readonly kind: "rest"; readonly name: string; readonly value: string };

/** A graph that computes what a change of the input changes. */
export interface IncrementalModel {
  readonly plan: IncrementalPlan;
  readonly model: Model;
  /** Inputs of the graph. */
  readonly feeds: readonly Feed[];
  /** Tensors whose values without the change have to be known. */
  readonly cached: readonly string[];
  /** What each of the plan's outputs and maps is called in the graph; maps may be patches. */
  readonly outputs: ReadonlyMap<string, { readonly name: string; readonly isPatch: boolean }>;
}

/**
 * Writes the graph of a plan, of standard operators: patches of any extent and any number of
 * positions at once, all of the same extents.
 *
 * What surrounds a patch is fed as strips rather than cut out in the graph: it lies in memory
 * already, and comes with the operator's own padding where it reaches over the border, so that no
 * position is special. To join strips takes a fifth of the time of a Pad and an Add (WASM).
 */
export function buildIncremental(plan: IncrementalPlan): IncrementalModel {
  return new Writer(plan).build();
}

const patchOf = (value: string) => `patch/${value}`;

class Writer {
  readonly #nodes: NodeProto[] = [];
  readonly #inputs: ValueInfoProto[] = [];
  readonly #constants: TensorProto[] = [];
  readonly #feeds: Feed[] = [];
  readonly #cached = new Set<string>();
  /** Names of the pasted values. */
  readonly #pasted = new Map<Paste, string>();

  constructor(readonly plan: IncrementalPlan) {}

  build(): IncrementalModel {
    const { layout, options, trace, model } = this.plan;
    const { input } = options;
    this.#feed({ kind: "patch", name: patchOf(input), spans: trace.changes.get(input)! }, input);
    const changing = new Map(layout.nodes.map((laid) => [laid.node, laid]));
    const wanted = [...options.outputs, ...options.maps ?? []];
    for (const node of trace.index.ancestors(wanted)) {
      const laid = changing.get(node);
      if (laid === undefined) this.#addStill(node);
      else if (laid.local) this.#addLocal(laid, laid.local);
      else if (laid.isMean) this.#addMean(laid);
      else this.#addWhole(laid);
    }
    const outputs = new Map(wanted.map((name) => [name, this.#output(name)]));
    const graph = {
      node: this.#nodes,
      input: this.#inputs,
      output: [],
      initializer: [...model.graph.initializer, ...this.#constants],
      valueInfo: [],
    };
    const names = new Set([...outputs.values()].map(({ name }) => name));
    return {
      plan: this.plan,
      model: withOutputs(withGraph(model, graph), [...names]),
      feeds: this.#feeds,
      cached: [...this.#cached],
      outputs,
    };
  }

  #output(name: string): { name: string; isPatch: boolean } {
    const { layout } = this.plan;
    const paste = layout.outputs.get(name);
    if (paste) return { name: this.#paste(paste), isPatch: false };
    const isPatch = layout.patches.has(name);
    if (isPatch) this.#cached.add(name);
    return { name: isPatch ? patchOf(name) : name, isPatch };
  }

  #addLocal({ node, reads }: LaidNode, { node: onCrops, factor }: Locality): void {
    const [output] = node.output;
    const result = patchOf(output);
    const inputs = onCrops.input.map((name) => this.#read(name, reads.get(name)));
    const raw = factor ? `${result}/uneven` : result;
    this.#nodes.push({ ...onCrops, name: raw, input: inputs, output: [raw] });
    if (!factor) return;
    const name = `${result}/factor`;
    const spans = this.plan.trace.changes.get(output)!;
    this.#feed({ kind: "factor", name, spans, factor });
    this.#add("Mul", [raw, name], {}, result);
  }

  /** The sum over the patch, and the rest of the map, both as parts of the mean. */
  #addMean({ node, changed: [value] }: LaidNode): void {
    const [output] = node.output;
    const name = `rest/${output}`;
    this.#feed({ kind: "rest", name, value });
    this.#cached.add(value);
    const [, , height, width] = this.#fact(value).dims;
    const axes = this.#constant(`${output}/axes`, int64List([2, 3]));
    const sum = this.#add("ReduceSum", [patchOf(value), axes], { keepdims: 1 }, `${output}/sum`);
    const share = Float32Array.of(1 / (height * width));
    const area = this.#constant(`${output}/share`, float32(share, []));
    this.#add("Add", [this.#add("Mul", [sum, area], {}, `${output}/part`), name], {}, output);
  }

  #addWhole({ node, reads }: LaidNode): void {
    this.#nodes.push({
      ...node,
      input: node.input.map((name) => this.#read(name, reads.get(name))),
    });
  }

  /** A node that does not change; what it computes from shapes alone becomes a constant. */
  #addStill(node: NodeProto): void {
    const { facts, trace } = this.plan;
    if (!node.input.some((name) => trace.changed.has(name))) return void this.#nodes.push(node);
    for (const name of node.output) {
      const fact = name === "" ? undefined : facts.get(name);
      if (fact?.value) this.#constants.push(protoOf(name, storedFact(fact)));
    }
  }

  #read(name: string, read: Read | undefined): string {
    if (read === undefined || read === "whole") return name;
    return read === "patch" ? patchOf(name) : this.#paste(read);
  }

  /** The patch amid its strips: those left and right of it first, then those above and below. */
  #paste(paste: Paste): string {
    const known = this.#pasted.get(paste);
    if (known !== undefined) return known;
    const { value } = paste;
    const name = `pasted_${this.#pasted.size}/${value}`;
    this.#cached.add(value);
    const strip = (side: Side): string[] => {
      if (!isEverThere(paste, this.plan.trace.changes.get(value)!, side)) return [];
      this.#feed({ kind: "strip", name: `${name}/${side}`, paste, side }, value);
      return [`${name}/${side}`];
    };
    const row = this.#join([...strip("left"), patchOf(value), ...strip("right")], 3, `${name}/row`);
    const result = this.#join([...strip("top"), row, ...strip("bottom")], 2, name);
    this.#pasted.set(paste, result);
    return result;
  }

  #join(values: readonly string[], axis: number, name: string): string {
    return values.length === 1 ? values[0] : this.#add("Concat", values, { axis }, name);
  }

  #feed(feed: Feed, value?: string): void {
    this.#feeds.push(feed);
    const channels = value === undefined ? `${feed.name}/channels` : this.#fact(value).dims[1];
    const dims = ["positions", channels, `${feed.name}/rows`, `${feed.name}/columns`];
    this.#inputs.push(valueInfo(feed.name, "float32", dims));
  }

  #fact(value: string): Fact {
    return this.plan.facts.get(value)!;
  }

  #constant(name: string, tensor: Tensor): string {
    this.#constants.push(protoOf(name, tensor));
    return name;
  }

  #add(opType: string, inputs: readonly string[], values: AttributeValues, output: string): string {
    const attribute = attributes(values);
    this.#nodes.push({
      opType,
      name: output,
      input: inputs,
      output: [output],
      attribute,
      metadataProps: [],
    });
    return output;
  }
}

/** A value that follows from shapes, as a tensor. */
function storedFact({ type, dims, value }: Fact): Tensor {
  const values = value!;
  if (type === "int64") return { type, dims, data: BigInt64Array.from(values, BigInt) };
  if (type === "int32") return { type, dims, data: Int32Array.from(values) };
  if (type === "bool") return { type, dims, data: Uint8Array.from(values) };
  return float32(Float32Array.from(values), dims);
}
