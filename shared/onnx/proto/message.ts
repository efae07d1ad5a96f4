/**
 * Decodes and encodes any message that has a table.
 *
 * Decoded messages are frozen plain objects. Each remembers the bytes it came from, so that a
 * message which was not replaced is written back byte for byte; an edit is a copy
 * (`{ ...node, name: "x" }`), which has no bytes to remember and is written from its fields, while
 * everything it still shares with the original is copied through. Fields that the table does not
 * know travel along under {@link UNKNOWN}.
 */
import { type Field, KINDS, type Schema, type SchemaOf } from "./field.ts";
import { OnnxParseError } from "./onnx_parse_error.ts";
import { WireReader, WireType } from "./wire_reader.ts";
import { WireWriter } from "./wire_writer.ts";

/** Key of the fields a table does not know: their bytes, tags included. */
export const UNKNOWN: unique symbol = Symbol("unknown fields");

/** Deeper nesting than any real file has; bounds the stack on a hostile one. */
const MAX_DEPTH = 100;

type Message = Record<string, unknown> & { [UNKNOWN]?: Uint8Array };

const sources = new WeakMap<object, Uint8Array>();
const rowsByNumber = new WeakMap<Schema, Map<number, [name: string, field: Field]>>();

function rowsOf(schema: Schema) {
  let rows = rowsByNumber.get(schema);
  if (rows === undefined) {
    rows = new Map(Object.entries(schema).map(([name, field]) => [field.number, [name, field]]));
    rowsByNumber.set(schema, rows);
  }
  return rows;
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}

/**
 * Decodes `bytes` as the message of `schema`.
 *
 * @throws {OnnxParseError} With the offset and the path of the message that is damaged.
 */
export function decodeMessage<M extends object>(schema: SchemaOf<M>, bytes: Uint8Array): M {
  return decodeWindow(schema as Schema, bytes, 0, bytes.length, 0) as M;
}

function decodeWindow(
  schema: Schema,
  bytes: Uint8Array,
  start: number,
  end: number,
  depth: number,
): Message {
  if (depth > MAX_DEPTH) {
    throw new OnnxParseError(`messages are nested deeper than ${MAX_DEPTH}`, start);
  }
  const rows = rowsOf(schema);
  const result: Message = {};
  for (const [name, field] of Object.entries(schema)) if (field.repeated) result[name] = [];
  const reader = new WireReader(bytes, start, end);
  while (!reader.done) {
    const at = reader.offset;
    const tag = reader.uint32();
    const [wireType, number] = [tag & 7, tag >>> 3];
    if (number === 0) reader.fail("a field has the number 0; the file is damaged", at);
    const row = rows.get(number);
    if (row === undefined) {
      reader.skip(wireType, at);
      const kept = bytes.subarray(at, reader.offset);
      result[UNKNOWN] = result[UNKNOWN] ? concat(result[UNKNOWN], kept) : kept;
      continue;
    }
    const [name, field] = row;
    if (field.kind === "message") readNested(result, name, field, wireType, reader, at, depth);
    else readScalar(result, name, field, wireType, reader, at);
  }
  for (const [name, field] of Object.entries(schema)) {
    if (field.repeated) Object.freeze(result[name]);
  }
  sources.set(result, bytes.subarray(start, end));
  return Object.freeze(result);
}

function wrongType(reader: WireReader, name: string, wireType: number, at: number): never {
  return reader.fail(`the field "${name}" has wire type ${wireType}; the file is damaged`, at);
}

function readNested(
  result: Message,
  name: string,
  field: Field,
  wireType: number,
  reader: WireReader,
  at: number,
  depth: number,
): void {
  if (wireType !== WireType.bytes) wrongType(reader, name, wireType, at);
  const { start, end } = reader.delimited();
  const list = result[name] as Message[] | undefined;
  try {
    const table = field.message!();
    if (field.repeated) {
      list!.push(decodeWindow(table, reader.bytes, start, end, depth + 1));
    } else if (result[name] === undefined) {
      result[name] = decodeWindow(table, reader.bytes, start, end, depth + 1);
    } else {
      // Protobuf merges a single message that occurs twice, which is decoding both in a row.
      const both = concat(sources.get(result[name] as Message)!, reader.bytes.subarray(start, end));
      result[name] = decodeWindow(table, both, 0, both.length, depth + 1);
    }
  } catch (error) {
    if (!(error instanceof OnnxParseError)) throw error;
    throw error.within(field.repeated ? `${name}[${list!.length}]` : name);
  }
}

function readScalar(
  result: Message,
  name: string,
  field: Field,
  wireType: number,
  reader: WireReader,
  at: number,
): void {
  const kind = KINDS[field.kind as keyof typeof KINDS];
  if (wireType === kind.wireType) {
    const value = kind.read(reader);
    if (field.repeated) (result[name] as unknown[]).push(value);
    else result[name] = value;
    return;
  }
  if (!field.repeated || wireType !== WireType.bytes) wrongType(reader, name, wireType, at);
  const { start, end } = reader.delimited();
  const run = new WireReader(reader.bytes, start, end);
  while (!run.done) (result[name] as unknown[]).push(kind.read(run));
}

/** Encodes a message; what was decoded and not replaced keeps its bytes. */
export function encodeMessage<M extends object>(
  schema: SchemaOf<M>,
  value: M,
): Uint8Array<ArrayBuffer> {
  return write(schema as Schema, value as Message).finish();
}

function write(schema: Schema, value: Message): WireWriter {
  const writer = new WireWriter();
  const source = sources.get(value);
  if (source !== undefined) {
    writer.raw(source);
    return writer;
  }
  const rows = Object.entries(schema).sort(([, a], [, b]) => a.number - b.number);
  for (const [name, field] of rows) {
    const held = value[name];
    if (held === undefined) continue;
    if (field.packed) writePacked(writer, field, held as Iterable<unknown>);
    else {for (const item of field.repeated ? held as unknown[] : [held]) {
        writeOne(writer, field, item);
      }}
  }
  if (value[UNKNOWN]) writer.raw(value[UNKNOWN]);
  return writer;
}

function writeOne(writer: WireWriter, field: Field, value: unknown): void {
  if (field.kind === "message") {
    writer.tag(field.number, WireType.bytes);
    writer.delimited(write(field.message!(), value as Message));
  } else {
    const kind = KINDS[field.kind];
    writer.tag(field.number, kind.wireType);
    (kind.write as (writer: WireWriter, value: unknown) => void)(writer, value);
  }
}

function writePacked(writer: WireWriter, field: Field, values: Iterable<unknown>): void {
  const kind = KINDS[field.kind as keyof typeof KINDS];
  const run = new WireWriter();
  for (const value of values) {
    (kind.write as (writer: WireWriter, value: unknown) => void)(run, value);
  }
  if (run.length === 0) return;
  writer.tag(field.number, WireType.bytes);
  writer.delimited(run);
}
