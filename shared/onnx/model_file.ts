import { GraphIndex } from "./graph_index.ts";
import { decodeMessage, encodeMessage } from "./proto/message.ts";
import { DamagedNetworkError, OnnxParseError, UnusableNetworkError } from "./errors.ts";
import { MODEL, TENSOR } from "./proto/schema.ts";
import type { GraphProto, ModelProto, TensorProto } from "./proto/types.ts";

/** A model with a graph: what {@link decodeModel} guarantees. */
export interface Model extends ModelProto {
  readonly graph: GraphProto;
}

export interface DecodeOptions {
  /** Largest file to read. @default 2 GiB, protobuf's own limit */
  readonly maxBytes?: number;
}

/**
 * Reads an ONNX file. Weights are views of `bytes`, not copies, so the bytes must not change after.
 *
 * The result is immutable; {@linkcode encodeModel} writes whatever was not replaced byte for byte.
 * Data in other files stays there until {@linkcode loadExternalData}.
 *
 * @throws {OnnxParseError} If the bytes are not a whole ONNX file; with the offset and the path.
 * @throws {DamagedNetworkError} If the graph cannot run: a cycle, a value made twice or never; with the node.
 * @throws {RangeError} If the file is larger than `maxBytes`.
 */
export function decodeModel(bytes: Uint8Array, options: DecodeOptions = {}): Model {
  const { maxBytes = 2 ** 31 } = options;
  if (bytes.length > maxBytes) {
    throw new UnusableNetworkError(
      `Cannot read the ONNX file: it has ${bytes.length} bytes, and at most ${maxBytes} are allowed`,
    );
  }
  const before = decoded.get(bytes)?.deref();
  if (before) return before;
  const model = decode(bytes);
  decoded.set(bytes, new WeakRef(model));
  return model;
}

/** Files that were read before and are still in use: opening a network asks for its file often. */
const decoded = new WeakMap<Uint8Array, WeakRef<Model>>();

function decode(bytes: Uint8Array): Model {
  if (bytes.length === 0) throw new OnnxParseError("the file is empty", 0);
  if (isPointer(bytes)) {
    throw new OnnxParseError("it is a pointer of Git LFS, in the place of the file itself", 0);
  }
  if (isPage(bytes)) {
    throw new OnnxParseError("it is a page of HTML, which somebody sent in the file's place", 0);
  }
  const model = decodeMessage<ModelProto>(MODEL, bytes);
  if (!hasGraph(model)) throw new OnnxParseError("it holds no graph", bytes.length);
  if (model.opsetImport.length === 0) {
    throw new OnnxParseError("it names no operator set (opset_import)", bytes.length);
  }
  refuseCutNames(model);
  new GraphIndex(model.graph);
  return model;
}

/** @throws {DamagedNetworkError} If a name is another one to ONNX Runtime, which ends it at a NUL. */
function refuseCutNames({ graph }: Model): void {
  const names = [
    ...graph.input.map(({ name = "" }) => name),
    ...graph.node.flatMap((n) => n.output),
  ];
  const cut = names.find((name) => name.includes("\0"));
  if (cut === undefined) return;
  throw new DamagedNetworkError(
    `Cannot use the graph: the name ${JSON.stringify(cut)} has a NUL in it, expected names without`,
  );
}

/** Whether it is what a repository has instead of a large file. */
function isPointer(bytes: Uint8Array): boolean {
  const mark = "version https://git-lfs";
  return [...mark].every((letter, i) => bytes[i] === letter.charCodeAt(0));
}

/** Whether it is what a portal or a proxy answers with instead of a file. */
function isPage(bytes: Uint8Array): boolean {
  const head = new TextDecoder().decode(bytes.subarray(0, 256));
  return /^\s*<(?:!doctype|html|head|\?xml)\b/i.test(head);
}

function hasGraph(model: ModelProto): model is Model {
  return model.graph !== undefined;
}

/** Writes an ONNX file. Messages that were decoded and not replaced keep their bytes. */
export function encodeModel(model: ModelProto): Uint8Array<ArrayBuffer> {
  return encodeMessage(MODEL, model);
}

/** Writes a tensor as it stands in an ONNX file. */
export function encodeTensor(tensor: TensorProto): Uint8Array<ArrayBuffer> {
  return encodeMessage(TENSOR, tensor);
}
