import {
  attributes,
  type AttributeValues,
  type Fact,
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
import { int64List } from "../onnx/mod.ts";
import type { LaidNode, Paste, Read } from "./layout.ts";
import type { Locality } from "./locality.ts";
import type { IncrementalPlan } from "./plan_incremental.ts";
import type { Positions } from "./trace_changes.ts";

/** Something that is fed for each position; its name is that of the graph's input. */
export type Feed =
  /** The changed part of the input. */
  | { readonly kind: "patch"; readonly name: string; readonly spans: Positions }
  /** What surrounds a patch: the map without the change, with zeros where the patch comes. */
  | { readonly kind: "surroundings"; readonly name: string; readonly paste: Paste }
  /** By what averages at borders are multiplied. */
  | {
    readonly kind: "factor";
    readonly name: string;
    readonly spans: Positions;
    readonly factor: NonNullable<Locality["factor"]>;
  }
  /** What the rest of a map adds to its mean. */
  | { readonly kind: "rest"; readonly name: string; readonly value: string };

/** The name of the input that says where patches go: 8 pads for each paste, in their order. */
export const OFFSETS = "incremental/offsets";

/** A graph that computes what a change of the input changes. */
export interface IncrementalModel {
  readonly plan: IncrementalPlan;
  readonly model: Model;
  /** Inputs of the graph beside {@linkcode OFFSETS}. */
  readonly feeds: readonly Feed[];
  /** The pastes that have their place in {@linkcode OFFSETS}. */
  readonly pastes: readonly Paste[];
  /** Tensors whose values without the change have to be known. */
  readonly cached: readonly string[];
  /** What each of the plan's outputs and maps is called in the graph; maps may be patches. */
  readonly outputs: ReadonlyMap<string, { readonly name: string; readonly isPatch: boolean }>;
}

/**
 * Writes the graph of a plan, of standard operators: patches of any extent and any number of
 * positions at once, all of the same extents and places in their surroundings.
 *
 * Surroundings are fed rather than cut out in the graph: they lie in memory already, and come with
 * the operator's own padding where they reach over the border, so that no position is special.
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
  readonly #pastes: readonly Paste[];

  constructor(readonly plan: IncrementalPlan) {
    this.#pastes = plan.layout.pastes;
  }

  build(): IncrementalModel {
    const { layout, options, trace, model } = this.plan;
    const { input } = options;
    this.#feed({ kind: "patch", name: patchOf(input), spans: trace.changes.get(input)! }, input);
    this.#splitOffsets();
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
      pastes: this.#pastes,
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

  #paste(paste: Paste): string {
    const known = this.#pasted.get(paste);
    if (known !== undefined) return known;
    const at = this.#pastes.indexOf(paste);
    const name = `pasted_${at}/${paste.value}`;
    const surroundings = `surroundings_${at}/${paste.value}`;
    this.#feed({ kind: "surroundings", name: surroundings, paste }, paste.value);
    this.#cached.add(paste.value);
    const padded = this.#add("Pad", [patchOf(paste.value), offsetsOf(at)], {}, `${name}/padded`);
    this.#pasted.set(paste, this.#add("Add", [padded, surroundings], {}, name));
    return name;
  }

  #splitOffsets(): void {
    const count = this.#pastes.length;
    if (count === 0) return;
    this.#inputs.push(valueInfo(OFFSETS, "int64", [8 * count]));
    const names = this.#pastes.map((_, at) => offsetsOf(at));
    const lengths = this.#constant(`${OFFSETS}/lengths`, int64List(names.map(() => 8)));
    this.#addNode("Split", [OFFSETS, lengths], { axis: 0 }, names);
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
    this.#addNode(opType, inputs, values, [output]);
    return output;
  }

  #addNode(
    opType: string,
    input: readonly string[],
    values: AttributeValues,
    output: readonly string[],
  ): void {
    const attribute = attributes(values);
    this.#nodes.push({ opType, name: output[0], input, output, attribute, metadataProps: [] });
  }
}

const offsetsOf = (at: number) => `${OFFSETS}/${at}`;

/** A value that follows from shapes, as a tensor. */
function storedFact({ type, dims, value }: Fact): Tensor {
  const values = value!;
  if (type === "int64") return { type, dims, data: BigInt64Array.from(values, BigInt) };
  if (type === "int32") return { type, dims, data: Int32Array.from(values) };
  if (type === "bool") return { type, dims, data: Uint8Array.from(values) };
  return float32(Float32Array.from(values), dims);
}
