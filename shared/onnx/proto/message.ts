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
import { OnnxParseError } from "../errors.ts";
import { WireReader, WireType } from "./wire_reader.ts";
import { WireWriter } from "./wire_writer.ts";

/** Key of the fields a table does not know: their bytes, tags included. */
export const UNKNOWN: unique symbol = Symbol("unknown fields");

/** Deeper nesting than any real file has; bounds the stack on a hostile one. */
const MAX_DEPTH = 100;

/** Messages and texts of a whole file; a network of 3,000 nodes has some 100,000. */
const MAX_PARTS = 500_000;

type Message = Record<string, unknown> & { [UNKNOWN]?: Uint8Array };

const sources = new WeakMap<object, Uint8Array>();
/** A table as it is used: its rows by number, and the names of its lists. */
interface Rows {
  readonly byNumber: ReadonlyMap<number, readonly [name: string, field: Field]>;
  readonly lists: readonly string[];
}

const rowsOfSchema = new WeakMap<Schema, Rows>();

function rowsOf(schema: Schema): Rows {
  let rows = rowsOfSchema.get(schema);
  if (rows === undefined) {
    const entries = Object.entries(schema);
    rows = {
      byNumber: new Map(entries.map(([name, field]) => [field.number, [name, field]])),
      lists: entries.filter(([, field]) => field.repeated).map(([name]) => name),
    };
    rowsOfSchema.set(schema, rows);
  }
  return rows;
}

/**
 * Decodes `bytes` as the message of `schema`. Work and memory grow with the file and no faster,
 * whatever is in it.
 *
 * @throws {OnnxParseError} With the offset and the path of the message that is damaged, nested too
 * deep, or of more parts than its table or the whole file may have.
 */
export function decodeMessage<M extends object>(schema: SchemaOf<M>, bytes: Uint8Array): M {
  const whole = [{ start: 0, end: bytes.length }];
  return decodeSpans(schema as Schema, bytes, whole, 0, { left: MAX_PARTS }) as M;
}

/** A part of the file. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/** How many more messages and texts a file may have. */
interface Budget {
  left: number;
}

function spend(budget: Budget, at: number): void {
  if (budget.left-- > 0) return;
  throw new OnnxParseError(`the file has more than ${MAX_PARTS} messages and texts`, at);
}

/**
 * Decodes the message that lies in `spans`: a single message that occurs several times is merged,
 * which by protobuf's rule is reading all of them in a row.
 */
function decodeSpans(
  schema: Schema,
  bytes: Uint8Array,
  spans: readonly Span[],
  depth: number,
  budget: Budget,
): Message {
  if (depth > MAX_DEPTH) {
    throw new OnnxParseError(`messages are nested deeper than ${MAX_DEPTH}`, spans[0].start);
  }
  spend(budget, spans[0].start);
  const { byNumber, lists } = rowsOf(schema);
  const result: Message = {};
  for (const name of lists) result[name] = [];
  let nested: Map<string, Span[]> | undefined;
  const unknown: Span[] = [];
  for (const { start, end } of spans) {
    const reader = new WireReader(bytes, start, end);
    while (!reader.done) {
      const at = reader.offset;
      const tag = reader.uint32();
      const [wireType, number] = [tag & 7, tag >>> 3];
      if (number === 0) reader.fail("a field has the number 0; the file is damaged", at);
      const row = byNumber.get(number);
      if (row === undefined) {
        reader.skip(wireType, at);
        append(unknown, { start: at, end: reader.offset });
        continue;
      }
      const [name, field] = row;
      if (field.kind !== "message") readScalar(result, name, field, wireType, reader, at, budget);
      else if (wireType !== WireType.bytes) wrongType(reader, name, wireType, at);
      else if (field.repeated) {
        const list = result[name] as Message[];
        const span = [reader.delimited()];
        checkCount(field, name, list.length, at);
        list.push(decodeNested(field, name, bytes, span, depth, budget, list.length));
      } else {
        const span = reader.delimited();
        const found = (nested ??= new Map<string, Span[]>()).get(name);
        if (found) found.push(span);
        else nested.set(name, [span]);
      }
    }
  }
  for (const [name, places] of nested ?? []) {
    result[name] = decodeNested(schema[name], name, bytes, places, depth, budget);
  }
  if (unknown.length > 0) result[UNKNOWN] = joined(bytes, unknown);
  for (const name of lists) Object.freeze(result[name]);
  // Merged messages are written from their fields: copying them at each level could be far too much.
  if (spans.length === 1) sources.set(result, bytes.subarray(spans[0].start, spans[0].end));
  return Object.freeze(result);
}

/** Adds a span; one that follows the last makes it longer. */
function append(spans: Span[], span: Span): void {
  const last = spans.at(-1);
  if (last?.end === span.start) spans[spans.length - 1] = { start: last.start, end: span.end };
  else spans.push(span);
}

function joined(bytes: Uint8Array, spans: readonly Span[]): Uint8Array {
  if (spans.length === 1) return bytes.subarray(spans[0].start, spans[0].end);
  const writer = new WireWriter();
  for (const { start, end } of spans) writer.raw(bytes.subarray(start, end));
  return writer.finish();
}

function decodeNested(
  field: Field,
  name: string,
  bytes: Uint8Array,
  spans: readonly Span[],
  depth: number,
  budget: Budget,
  place?: number,
): Message {
  try {
    return decodeSpans(field.message!(), bytes, spans, depth + 1, budget);
  } catch (error) {
    if (!(error instanceof OnnxParseError)) throw error;
    throw error.within(place === undefined ? name : `${name}[${place}]`);
  }
}

function wrongType(reader: WireReader, name: string, wireType: number, at: number): never {
  return reader.fail(`the field "${name}" has wire type ${wireType}; the file is damaged`, at);
}

function checkCount(field: Field, name: string, count: number, at: number): void {
  if (count < field.most) return;
  throw new OnnxParseError(`"${name}" has more than ${field.most} elements`, at);
}

function readScalar(
  result: Message,
  name: string,
  field: Field,
  wireType: number,
  reader: WireReader,
  at: number,
  budget: Budget,
): void {
  const kind = KINDS[field.kind as keyof typeof KINDS];
  const list = result[name] as unknown[];
  if (wireType === kind.wireType) {
    if (wireType === WireType.bytes) spend(budget, at);
    if (field.repeated) checkCount(field, name, list.length, at);
    const value = kind.read(reader);
    if (field.repeated) list.push(value);
    else result[name] = value;
    return;
  }
  if (!field.repeated || wireType !== WireType.bytes) wrongType(reader, name, wireType, at);
  const { start, end } = reader.delimited();
  const run = new WireReader(reader.bytes, start, end);
  while (!run.done) {
    checkCount(field, name, list.length, at);
    list.push(kind.read(run));
  }
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
