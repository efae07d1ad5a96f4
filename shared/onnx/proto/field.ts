import { type WireReader, WireType } from "./wire_reader.ts";
import type { WireWriter } from "./wire_writer.ts";

/** How one value of a scalar kind is read and written. */
interface ScalarKind<T> {
  readonly wireType: number;
  read(reader: WireReader): T;
  write(writer: WireWriter, value: T): void;
}

const utf8 = new TextDecoder("utf-8", { fatal: true });
const utf8Encoder = new TextEncoder();

function safeInteger(reader: WireReader): number {
  const at = reader.offset;
  const value = Number(reader.int64());
  return Number.isSafeInteger(value)
    ? value
    : reader.fail(`the number ${value} is too large for a size`, at);
}

/** The scalar kinds of ONNX's messages. */
export const KINDS = {
  /** int32, enums, and int64 used as sizes: within the safe integers. */
  integer: {
    wireType: WireType.varint,
    read: safeInteger,
    write: (writer, value) => writer.varint(value),
  } as ScalarKind<number>,
  int64: {
    wireType: WireType.varint,
    read: (reader) => reader.int64(),
    write: (writer, value) => writer.varint(value),
  } as ScalarKind<bigint>,
  float32: {
    wireType: WireType.fixed32,
    read: (reader) => reader.float32(),
    write: (writer, value) => writer.float32(value),
  } as ScalarKind<number>,
  float64: {
    wireType: WireType.fixed64,
    read: (reader) => reader.float64(),
    write: (writer, value) => writer.float64(value),
  } as ScalarKind<number>,
  string: {
    wireType: WireType.bytes,
    read(reader) {
      const { start, end } = reader.delimited();
      try {
        return utf8.decode(reader.bytes.subarray(start, end));
      } catch {
        return reader.fail("a text is not UTF-8", start);
      }
    },
    write(writer, value) {
      const bytes = utf8Encoder.encode(value);
      writer.varint(bytes.length);
      writer.raw(bytes);
    },
  } as ScalarKind<string>,
  bytes: {
    wireType: WireType.bytes,
    read(reader) {
      const { start, end } = reader.delimited();
      return reader.bytes.subarray(start, end);
    },
    write(writer, value) {
      writer.varint(value.length);
      writer.raw(value);
    },
  } as ScalarKind<Uint8Array>,
} as const;

export type KindName = keyof typeof KINDS;

/** One row of a message's table. */
export interface Field {
  readonly number: number;
  readonly repeated: boolean;
  /** A repeated number written as one length-delimited run. Either form is read. */
  readonly packed: boolean;
  /** Most elements that a repeated field may have. */
  readonly most: number;
  readonly kind: KindName | "message";
  /** The nested message's table; a function, since tables refer to each other. */
  readonly message?: () => Schema;
}

/** A message as its table: field names of the decoded object to rows. */
export type Schema = Readonly<Record<string, Field>>;

/** The table of a message decoded as `M`, checked by the compiler for completeness. */
export type SchemaOf<M> = { readonly [K in keyof Required<M>]: Field };

export const one = (number: number, kind: KindName): Field => ({
  number,
  kind,
  repeated: false,
  packed: false,
  most: 1,
});

export const many = (number: number, kind: KindName, most = Infinity): Field => ({
  ...one(number, kind),
  repeated: true,
  most,
});

export const packed = (number: number, kind: KindName): Field => ({
  ...many(number, kind),
  packed: true,
});

export const message = (number: number, table: () => Schema): Field => ({
  number,
  kind: "message",
  repeated: false,
  packed: false,
  most: 1,
  message: table,
});

export const messages = (number: number, table: () => Schema, most = Infinity): Field => ({
  ...message(number, table),
  repeated: true,
  most,
});
