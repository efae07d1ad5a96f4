import { encodeModel, type Model } from "./model_file.ts";
import { withGraph } from "./edit.ts";
import type { TensorProto } from "./proto/types.ts";

/** Value of `dataLocation` for data in another file. */
const EXTERNAL = 1;

/** Weights below this stay in the file: shapes and axes are read when it is loaded. */
const LEAST_BYTES = 4096;

/** A model as a small file, and its weights beside it. */
export interface SplitModel {
  /** The ONNX file. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** By the location that the file names: the bytes of one tensor each, views and not copies. */
  readonly weights: ReadonlyMap<string, Uint8Array>;
}

/**
 * Writes a model with its weights as external data. A runtime copies those to where they are used,
 * while weights inside a file are held three times as it is loaded: in the file, as a message and as
 * a tensor.
 */
export function splitWeights(model: Model): SplitModel {
  const weights = new Map<string, Uint8Array>();
  const initializer = model.graph.initializer.map((tensor) => {
    const { rawData } = tensor;
    if (rawData === undefined || rawData.length < LEAST_BYTES) return tensor;
    const location = `${weights.size}`;
    weights.set(location, rawData);
    return external(tensor, location, rawData.length);
  });
  return { bytes: encodeModel(withGraph(model, { initializer })), weights };
}

const external = (tensor: TensorProto, location: string, length: number): TensorProto => ({
  ...tensor,
  rawData: undefined,
  dataLocation: EXTERNAL,
  externalData: [
    { key: "location", value: location },
    { key: "offset", value: "0" },
    { key: "length", value: `${length}` },
  ],
});
