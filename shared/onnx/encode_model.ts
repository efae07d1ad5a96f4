import { encodeMessage } from "./proto/message.ts";
import { MODEL } from "./proto/schema.ts";
import type { ModelProto } from "./proto/types.ts";

/** Writes an ONNX file. Messages that were decoded and not replaced keep their bytes. */
export function encodeModel(model: ModelProto): Uint8Array<ArrayBuffer> {
  return encodeMessage(MODEL, model);
}
