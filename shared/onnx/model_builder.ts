import { InputError } from "../errors.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { attributes, type AttributeValues } from "./attributes.ts";
import type { DataTypeName } from "./data_type.ts";
import type { Model } from "./model_file.ts";
import { opsetOf } from "./opset.ts";
import type { NodeProto, TensorProto, ValueInfoProto } from "./proto/types.ts";
import { protoOf } from "./tensor_proto.ts";
import { type Dim, valueInfo } from "./value_info.ts";

/** Oldest file version that carries each operator set, so that old runtimes still read the file. */
const IR_VERSION = 8;

export interface ModelBuilderOptions {
  /** Version of the standard operators. @default 18 */
  readonly opset?: number;
  /** Put before the names of values that are not named explicitly. @default "" */
  readonly prefix?: string;
}

/**
 * Builds a model node by node, from nothing or on top of an existing one.
 *
 * @example A network of one layer
 * ```ts
 * import { ModelBuilder } from "./model_builder.ts";
 * import { float32 } from "../tensor/tensor.ts";
 *
 * const b = new ModelBuilder();
 * const x = b.input("x", ["N", 3, 8, 8]);
 * const w = b.constant(float32(new Float32Array(4 * 3 * 3 * 3), [4, 3, 3, 3]), "w");
 * b.output(b.op("Relu", [b.op("Conv", [x, w], { pads: [1, 1, 1, 1] })], {}, "y"));
 * console.log(b.build().graph?.node.length); // 2
 * ```
 */
export class ModelBuilder {
  readonly #base?: Model;
  readonly #opset: number;
  readonly #prefix: string;
  readonly #taken = new Set<string>();
  readonly #nodes: NodeProto[] = [];
  readonly #initializers: TensorProto[] = [];
  readonly #inputs: ValueInfoProto[] = [];
  readonly #outputs: ValueInfoProto[] = [];
  #counter = 0;

  constructor(options: ModelBuilderOptions & { readonly base?: Model } = {}) {
    this.#base = options.base;
    this.#opset = options.opset ?? (this.#base ? opsetOf(this.#base) : 18);
    this.#prefix = options.prefix ?? "";
    if (this.#base) {
      const { graph } = this.#base;
      for (const { name = "" } of [...graph.input, ...graph.initializer]) this.#taken.add(name);
      for (const node of graph.node) for (const name of node.output) this.#taken.add(name);
    }
  }

  /** Declares an input and returns its name. */
  input(name: string, dims: readonly Dim[], type: DataTypeName = "float32"): string {
    this.#inputs.push(valueInfo(this.#claim(name), type, dims));
    return name;
  }

  /** Adds an initialiser and returns its name. */
  constant(tensor: Tensor, name?: string): string {
    const claimed = this.#claim(name ?? this.#fresh("const"));
    this.#initializers.push(protoOf(claimed, tensor));
    return claimed;
  }

  /** Adds a node with one output and returns the output's name. */
  op(
    opType: string,
    inputs: readonly string[],
    values: AttributeValues = {},
    name?: string,
  ): string {
    return this.ops(opType, inputs, values, [name ?? this.#fresh(opType)])[0];
  }

  /** Adds a node whose outputs are named `outputs`, and returns them. */
  ops(
    opType: string,
    inputs: readonly string[],
    values: AttributeValues,
    outputs: readonly string[],
  ): readonly string[] {
    const claimed = outputs.map((name) => name && this.#claim(name));
    this.#nodes.push({
      opType,
      name: claimed.find((name) => name) ?? "",
      input: [...inputs],
      output: claimed,
      attribute: attributes(values),
      metadataProps: [],
    });
    return claimed;
  }

  /** The node that was added last. */
  get lastNode(): NodeProto {
    return this.#nodes[this.#nodes.length - 1];
  }

  /** Version of the standard operators that nodes are written for. */
  get opset(): number {
    return this.#opset;
  }

  /** A value name nobody uses yet. */
  #fresh(stem: string): string {
    let name: string;
    do name = `${this.#prefix}${stem}_${this.#counter++}`; while (this.#taken.has(name));
    return name;
  }

  #claim(name: string): string {
    if (this.#taken.has(name)) {
      throw new InputError(`Cannot add the value "${name}": the graph has one of that name`);
    }
    this.#taken.add(name);
    return name;
  }

  /** Makes the value `name` an output of the model. */
  output(name: string, type: DataTypeName = "float32", dims?: readonly Dim[]): void {
    this.#outputs.push(valueInfo(name, type, dims));
  }

  /** The model; the builder can go on afterwards. */
  build(): Model {
    const base = this.#base;
    return {
      irVersion: IR_VERSION,
      producerName: "convscope",
      opsetImport: [{ domain: "", version: this.#opset }],
      metadataProps: [],
      functions: [],
      ...base,
      graph: {
        name: "graph",
        valueInfo: [],
        quantizationAnnotation: [],
        sparseInitializer: [],
        metadataProps: [],
        ...base?.graph,
        node: [...base?.graph.node ?? [], ...this.#nodes],
        initializer: [...base?.graph.initializer ?? [], ...this.#initializers],
        input: [...base?.graph.input ?? [], ...this.#inputs],
        output: [...base?.graph.output ?? [], ...this.#outputs],
      },
    };
  }
}
