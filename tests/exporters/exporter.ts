/** How the networks of the exporters are built. */
import {
  type AttributeValues,
  encodeModel,
  type Model,
  ModelBuilder,
} from "../../shared/onnx/mod.ts";
import { float32, type Tensor } from "../../shared/tensor/tensor.ts";
import { randomTensor } from "../networks.ts";

export const SIZE = 16;
export const CLASSES = 5;

/** A file of an exporter, and what it holds. */
export interface ExportedNetwork {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The tensor with the scores of the classes before they become probabilities. */
  readonly scores: string;
  /** The image as the file takes it, of what it is as [1, 3, H, W]. @default as it is */
  readonly feed?: (image: Tensor<"float32">) => Tensor;
  /** Largest change of an element of the input that its gradient is compared with. */
  readonly step?: number;
  /** Whether rounding is passed as the identity, so that differences show steps. */
  readonly isQuantised?: boolean;
  readonly labels?: readonly string[];
}

/** A builder with weights and the domains that are used. */
export class Exporter {
  readonly b: ModelBuilder;
  readonly #domains = new Set<string>();
  #seed = 1;

  constructor(opset: number) {
    this.b = new ModelBuilder({ opset });
  }

  weight(dims: readonly number[], name?: string, scale = 0.4): string {
    return this.b.constant(randomTensor(dims, this.#seed++, scale), name);
  }

  list(values: readonly number[], name?: string): string {
    return this.b.constant(float32(Float32Array.from(values), [values.length]), name);
  }

  scalar(value: number): string {
    return this.b.constant(float32(Float32Array.of(value), []));
  }

  ints(...values: number[]): string {
    return this.b.constant({
      type: "int64",
      dims: [values.length],
      data: BigInt64Array.from(values, BigInt),
    });
  }

  index(value: number): string {
    return this.b.constant({ type: "int64", dims: [], data: BigInt64Array.of(BigInt(value)) });
  }

  op(type: string, inputs: readonly string[], values: AttributeValues = {}, name?: string): string {
    return this.b.op(type, inputs, values, name);
  }

  /** An operator of another domain than the standard's. */
  other(
    domain: string,
    type: string,
    inputs: readonly string[],
    values: AttributeValues,
    outputs: readonly string[],
  ): readonly string[] {
    this.#domains.add(domain);
    this.b.ops(type, inputs, values, outputs.filter((name) => name !== ""));
    Object.assign(this.b.lastNode, { domain, output: outputs });
    return outputs;
  }

  build(more: Partial<Model> = {}): Uint8Array<ArrayBuffer> {
    const model = this.b.build();
    const domains = [...this.#domains].map((domain) => ({ domain, version: 1 }));
    return encodeModel({ ...model, opsetImport: [...model.opsetImport, ...domains], ...more });
  }
}

/** [1, 3, H, W] as [1, H, W, 3]. */
export const channelsLast = ({ data }: Tensor<"float32">): Float32Array<ArrayBuffer> => {
  const area = SIZE * SIZE;
  return Float32Array.from(data, (_, i) => data[i % 3 * area + Math.floor(i / 3)]);
};
