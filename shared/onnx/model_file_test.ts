import { expect, test } from "vitest";
import { float32 } from "../tensor/tensor.ts";
import { decodeModel, encodeModel } from "./model_file.ts";
import { ModelBuilder } from "./model_builder.ts";
import { WireWriter } from "./proto/wire_writer.ts";
import type { NodeProto } from "./proto/types.ts";

/** x -> Relu "a" -> Relu "b", as a file. */
function chain(change: (nodes: readonly NodeProto[]) => readonly NodeProto[] = (nodes) => nodes) {
  const b = new ModelBuilder();
  b.output(b.op("Relu", [b.op("Relu", [b.input("x", [1])], {}, "a")], {}, "b"));
  const model = b.build();
  return encodeModel({ ...model, graph: { ...model.graph, node: change(model.graph.node) } });
}

/** A message written field by field. */
function message(write: (writer: WireWriter) => void): Uint8Array {
  const writer = new WireWriter();
  write(writer);
  return writer.finish();
}

function field(writer: WireWriter, number: number, bytes: Uint8Array): void {
  writer.tag(number, 2);
  writer.varint(bytes.length);
  writer.raw(bytes);
}

/** `graph` nested `depth` times as the attribute of a node of itself. */
function nested(depth: number): Uint8Array {
  let graph = new Uint8Array();
  for (let i = 0; i < depth; i++) {
    const attribute = message((w) => field(w, 6, graph));
    const node = message((w) => field(w, 5, attribute));
    graph = message((w) => field(w, 1, node)) as Uint8Array<ArrayBuffer>;
  }
  return message((w) => field(w, 7, graph));
}

/** Files that must fail, and how. */
const BROKEN: readonly (readonly [name: string, bytes: () => Uint8Array, message: string])[] = [
  ["empty", () => new Uint8Array(), "Cannot read the ONNX file at byte 0: the file is empty"],
  [
    "text",
    () => new TextEncoder().encode("<html>"),
    "Cannot read the ONNX file at byte 0: it is a page of HTML, which somebody sent in the file's place",
  ],
  [
    "a pointer of Git LFS",
    () => new TextEncoder().encode("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a"),
    "it is a pointer of Git LFS, in the place of the file itself",
  ],
  [
    "a name with a NUL in it",
    () => chain(([first, second]) => [{ ...first, output: ["a\0b"] }, second]),
    'Cannot use the graph: the name "a\\u0000b" has a NUL in it, expected names without',
  ],
  [
    "a group, which ONNX does not use",
    () => Uint8Array.of(0x9b, 0x06),
    "Cannot read the ONNX file at byte 0: wire type 3 is not used by ONNX; the file is damaged",
  ],
  [
    "a PNG",
    () => Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a),
    "Cannot read the ONNX file at byte 2: 8 bytes are expected, but 4 are left",
  ],
  [
    "zeros",
    () => new Uint8Array(16),
    "Cannot read the ONNX file at byte 0: a field has the number 0; the file is damaged",
  ],
  [
    "cut in the graph",
    () => chain().subarray(0, 40),
    "Cannot read the ONNX file at byte 14: a field says it is 69 bytes long, but 25 are left",
  ],
  [
    "cut in a number",
    () => Uint8Array.of(0x08, 0x88),
    "Cannot read the ONNX file at byte 1: the file ends inside a number",
  ],
  [
    "a length that lies",
    () => Uint8Array.of(0x3a, 0xff, 0xff, 0xff, 0xff, 0x0f),
    "Cannot read the ONNX file at byte 1: a field says it is 4294967295 bytes long, but 0 are left",
  ],
  [
    "a length over 32 bits",
    () => Uint8Array.of(0x3a, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01),
    "Cannot read the ONNX file at byte 1: a number is over 32 bits",
  ],
  [
    "an endless number",
    () => Uint8Array.of(0x08, ...new Array(12).fill(0xff)),
    "Cannot read the ONNX file at byte 1: a number is longer than ten bytes",
  ],
  [
    "a text as a number",
    () => message((w) => field(w, 1, Uint8Array.of(1, 2))),
    'Cannot read the ONNX file at byte 0: the field "irVersion" has wire type 2; the file is damaged',
  ],
  [
    "a name that is no text",
    () => message((w) => field(w, 7, message((g) => field(g, 2, Uint8Array.of(0xff, 0xfe))))),
    "Cannot read the ONNX file at byte 4 (graph): a text is not UTF-8",
  ],
  [
    "nested too deep",
    () => nested(60),
    "messages are nested deeper than 100",
  ],
  [
    "damaged in an attribute",
    () =>
      message((w) =>
        field(w, 7, message((g) => field(g, 1, message((n) => field(n, 5, Uint8Array.of(0x0b))))))
      ),
    'Cannot read the ONNX file at byte 6 (graph.node[0].attribute[0]): the field "name" has wire ' +
    "type 3; the file is damaged",
  ],
  [
    "no graph",
    () => Uint8Array.of(0x08, 0x08),
    "Cannot read the ONNX file at byte 2: it holds no graph",
  ],
  [
    "no operator set",
    () => message((w) => field(w, 7, new Uint8Array())),
    "Cannot read the ONNX file at byte 2: it names no operator set (opset_import)",
  ],
  [
    "a cycle",
    () => chain(([a, b]) => [{ ...a, input: ["b"] }, b]),
    'Cannot use the graph: Relu "a" is part of a cycle',
  ],
  [
    "a value made twice",
    () => chain(([a, b]) => [a, b, { ...b, name: "again" }]),
    'Cannot use the graph: Relu "again" makes "b", which Relu "b" makes too',
  ],
  [
    "a value nobody makes",
    () => chain(([a, b]) => [{ ...a, input: ["nothing"] }, b]),
    'Cannot use the graph: Relu "a" reads "nothing", which nothing makes',
  ],
  [
    "an output nobody makes",
    () => chain(([a]) => [a]),
    'Cannot use the graph: nothing makes its output "b"',
  ],
];

test.each(BROKEN)("decodeModel() refuses a file that is broken: %s", (_, bytes, expected) => {
  let error: unknown;
  try {
    decodeModel(bytes());
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(SyntaxError);
  if (expected.startsWith("Cannot")) expect((error as Error).message).toBe(expected);
  else expect((error as Error).message).toContain(expected);
});

test("decodeModel() refuses a file over the limit before reading it", () => {
  expect(() => decodeModel(chain(), { maxBytes: 10 })).toThrow(/at most 10 are allowed/);
});

test("decodeModel() accepts nodes in any order", () => {
  const model = decodeModel(chain(([a, b]) => [b, a]));
  expect(model.graph.node.map((node) => node.name)).toEqual(["b", "a"]);
});

test("decodeModel() ends in bounded time and memory on every truncation of a file", () => {
  const b = new ModelBuilder();
  const w = b.constant(float32(new Float32Array(9), [1, 1, 3, 3]), "w");
  b.output(b.op("Conv", [b.input("x", [1, 1, 4, 4]), w], { pads: [1, 1, 1, 1] }, "y"));
  const file = encodeModel(b.build());
  for (let length = 0; length < file.length; length++) {
    expect(() => decodeModel(file.subarray(0, length)), `${length} bytes`).toThrow(SyntaxError);
  }
});
