import { encodeMessage } from "./proto/message.ts";
import { MODEL, TENSOR } from "./proto/schema.ts";
import type { ModelProto, TensorProto } from "./proto/types.ts";

/** Writes an ONNX file. Messages that were decoded and not replaced keep their bytes. */
export function encodeModel(model: ModelProto): Uint8Array<ArrayBuffer> {
  return encodeMessage(MODEL, model);
}

/** Writes a tensor as it stands in an ONNX file. */
export function encodeTensor(tensor: TensorProto): Uint8Array<ArrayBuffer> {
  return encodeMessage(TENSOR, tensor);
}
