import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeMessage, encodeMessage, UNKNOWN } from "./message.ts";
import { OnnxParseError } from "../errors.ts";
import { MODEL } from "./schema.ts";
import type { AttributeProto, ModelProto, NodeProto, TensorProto } from "./types.ts";
import { WireWriter } from "./wire_writer.ts";

const text = fc.string({ unit: "grapheme", maxLength: 8 });
const bytes = fc.uint8Array({ maxLength: 12 });
const size = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const float = fc.float({ noNaN: true });

const tensor: fc.Arbitrary<TensorProto> = fc.record({
  dims: fc.array(size, { maxLength: 4 }),
  dataType: fc.option(fc.integer({ min: 0, max: 23 }), { nil: undefined }),
  floatData: fc.array(float, { maxLength: 5 }),
  int32Data: fc.array(fc.integer(), { maxLength: 5 }),
  stringData: fc.array(bytes, { maxLength: 3 }),
  int64Data: fc.array(int64, { maxLength: 5 }),
  name: fc.option(text, { nil: undefined }),
  rawData: fc.option(bytes, { nil: undefined }),
  doubleData: fc.array(fc.double({ noNaN: true }), { maxLength: 5 }),
  uint64Data: fc.array(int64, { maxLength: 5 }),
  externalData: fc.array(fc.record({ key: text, value: text }), { maxLength: 2 }),
  metadataProps: fc.constant([]),
});

const attribute: fc.Arbitrary<AttributeProto> = fc.record({
  name: fc.option(text, { nil: undefined }),
  f: fc.option(float, { nil: undefined }),
  i: fc.option(int64, { nil: undefined }),
  s: fc.option(bytes, { nil: undefined }),
  t: fc.option(tensor, { nil: undefined }),
  floats: fc.array(float, { maxLength: 4 }),
  ints: fc.array(int64, { maxLength: 4 }),
  strings: fc.array(bytes, { maxLength: 3 }),
  tensors: fc.constant([]),
  graphs: fc.constant([]),
});

const node: fc.Arbitrary<NodeProto> = fc.record({
  input: fc.array(text, { maxLength: 3 }),
  output: fc.array(text, { maxLength: 3 }),
  opType: fc.option(text, { nil: undefined }),
  attribute: fc.array(attribute, { maxLength: 3 }),
  metadataProps: fc.constant([]),
});

const model: fc.Arbitrary<ModelProto> = fc.record({
  irVersion: fc.option(size, { nil: undefined }),
  producerName: fc.option(text, { nil: undefined }),
  modelVersion: fc.option(int64, { nil: undefined }),
  graph: fc.record({
    node: fc.array(node, { maxLength: 3 }),
    name: fc.option(text, { nil: undefined }),
    initializer: fc.array(tensor, { maxLength: 2 }),
    input: fc.constant([]),
    output: fc.constant([]),
    valueInfo: fc.constant([]),
    quantizationAnnotation: fc.constant([]),
    sparseInitializer: fc.constant([]),
    metadataProps: fc.constant([]),
  }),
  opsetImport: fc.array(fc.record({ domain: text, version: size }), { maxLength: 2 }),
  metadataProps: fc.constant([]),
  functions: fc.constant([]),
});

/** What was set: keys without a value compare as missing, as they are on the wire. */
const plain = (value: ModelProto): unknown =>
  JSON.parse(JSON.stringify(value, (_, held) => {
    if (typeof held === "bigint") return `${held}n`;
    return held instanceof Uint8Array ? { bytes: [...held] } : Object.is(held, -0) ? "-0" : held;
  }));

test("encodeMessage() and decodeMessage() are inverse for any message", () => {
  fc.assert(fc.property(model, (value) => {
    const decoded = decodeMessage(MODEL, encodeMessage(MODEL, value));
    expect(plain(decoded)).toEqual(plain(value));
  }));
});

test("encodeMessage() writes a decoded message byte for byte", () => {
  fc.assert(fc.property(model, (value) => {
    const file = encodeMessage(MODEL, value);
    expect(encodeMessage(MODEL, decodeMessage(MODEL, file))).toEqual(file);
  }));
});

test("decodeMessage() reads or refuses any bytes, and throws nothing else", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
      try {
        decodeMessage(MODEL, noise);
      } catch (error) {
        expect(error).toBeInstanceOf(OnnxParseError);
      }
    }),
    { numRuns: 2000 },
  );
});

test("decodeMessage() reads or refuses any file with one byte changed", () => {
  fc.assert(fc.property(model, fc.nat(), fc.integer({ min: 0, max: 255 }), (value, place, byte) => {
    const file = encodeMessage(MODEL, value);
    if (file.length > 0) file[place % file.length] = byte;
    try {
      decodeMessage(MODEL, file);
    } catch (error) {
      expect(error).toBeInstanceOf(OnnxParseError);
    }
  }));
});

test("an edited message keeps its unknown fields and the bytes of what was not touched", () => {
  const inner = new WireWriter();
  // The name of the graph in an order and with an unknown field (number 99) that we'd not write.
  inner.tag(99, 0);
  inner.varint(7);
  inner.tag(2, 2);
  inner.varint(1);
  inner.raw(Uint8Array.of(0x67));
  const outer = new WireWriter();
  outer.tag(7, 2);
  outer.delimited(inner);
  outer.tag(98, 0);
  outer.varint(1);
  const decoded = decodeMessage(MODEL, outer.finish());
  expect((decoded as { [UNKNOWN]?: Uint8Array })[UNKNOWN]).toEqual(Uint8Array.of(0x90, 0x06, 0x01));
  const edited = encodeMessage(MODEL, { ...decoded, producerName: "p" });
  expect([...edited]).toEqual([0x12, 1, 0x70, ...outer.finish()]);
});

test("a repeated number is read packed and unpacked", () => {
  const packedInts = Uint8Array.of(0x3a, 8, 0x2a, 6, 0x0a, 2, 5, 6, 0x08, 7);
  const tensorDims = decodeMessage(MODEL, packedInts).graph!.initializer[0].dims;
  expect(tensorDims).toEqual([5, 6, 7]);
});

test("a decoded message cannot be changed in place, which would leave its bytes stale", () => {
  const decoded = decodeMessage(MODEL, Uint8Array.of(0x08, 0x08));
  expect(() => Object.assign(decoded, { irVersion: 9 })).toThrow(TypeError);
});

/** A field that holds a message or a text. */
function held(field: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const [inner, outer] = [new WireWriter(), new WireWriter()];
  for (const part of parts) inner.raw(part);
  outer.tag(field, 2);
  outer.delimited(inner);
  return outer.finish();
}

test("single messages that occur twice at every level are each read once", () => {
  let graph: Uint8Array = held(2, new TextEncoder().encode("innermost"));
  // graph > node > attribute > graph, and an empty graph to be merged with it.
  for (let level = 0; level < 30; level++) {
    graph = held(1, held(5, held(6, graph), held(6)));
  }
  const { graph: outer } = decodeMessage<ModelProto>(MODEL, held(7, graph));
  let innermost = outer;
  while (innermost?.node[0]) innermost = innermost.node[0].attribute[0].g;
  expect(innermost?.name).toBe("innermost");
});

test("a message that was merged is written with all its parts", () => {
  const name = new TextEncoder().encode("net");
  const parts = [held(7, held(2, name)), held(7, held(1, held(4, name)), held(99, name))];
  const bytes = Uint8Array.from(parts.flatMap((part) => [...part]));
  const merged = decodeMessage<ModelProto>(MODEL, bytes);
  expect(merged.graph).toMatchObject({ name: "net", node: [{ opType: "net" }] });
  const again = decodeMessage<ModelProto>(MODEL, encodeMessage(MODEL, { ...merged }));
  expect(again.graph).toEqual(merged.graph);
  expect(again.graph?.[UNKNOWN as never]).toEqual(merged.graph?.[UNKNOWN as never]);
});

test("fields that the tables do not know are kept, however many and wherever they lie", () => {
  const [alone, name] = [held(99, Uint8Array.of(1)), held(2, Uint8Array.of(112))];
  const bytes = new Uint8Array(400_000 * alone.length);
  for (let i = 0; i < 400_000; i++) bytes.set(alone, i * alone.length);
  const around = decodeMessage<ModelProto>(MODEL, Uint8Array.of(...alone, ...name, ...alone));
  expect(around[UNKNOWN as never]).toEqual(Uint8Array.of(...alone, ...alone));
  expect(decodeMessage<ModelProto>(MODEL, bytes)[UNKNOWN as never]).toHaveLength(bytes.length);
});

test.each([
  ["axes of a tensor", held(7, held(5, held(1, new Uint8Array(65)))), '"dims" has more than 64'],
  [
    "axes of a declaration",
    held(7, held(11, held(2, held(1, held(2, ...Array.from({ length: 65 }, () => held(1))))))),
    '"dim" has more than 64',
  ],
  [
    "inputs of a node",
    held(7, held(1, ...Array.from({ length: 10_001 }, () => held(1)))),
    '"input" has more than 10000',
  ],
  [
    "nodes",
    held(7, ...Array.from({ length: 50_001 }, () => held(1))),
    '"node" has more than 50000',
  ],
  [
    "messages in all",
    held(7, new Uint8Array(1_000_002).map((_, i) => i % 2 === 0 ? 13 << 3 | 2 : 0)),
    "the file has more than 500000 messages and texts",
  ],
])("too many %s are refused", (_, bytes, message) => {
  expect(() => decodeMessage<ModelProto>(MODEL, bytes)).toThrow(message);
});
