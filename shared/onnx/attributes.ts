import type { Tensor } from "../tensor/tensor.ts";
import { type AttributeProto, AttributeType, type NodeProto } from "./proto/types.ts";
import { own } from "./edit.ts";
import { UnusableNetworkError } from "./errors.ts";
import { protoOf, tensorOf } from "./tensor_proto.ts";

/** A float attribute, since a bare number means an integer. */
export interface FloatAttribute {
  readonly float: number | readonly number[];
}

/** Marks a number (or a list) as a float attribute: `{ alpha: float(0.1) }`. */
export const float = (value: number | readonly number[]): FloatAttribute => ({ float: value });

/** What an attribute can be given as. Bare numbers and lists of numbers are integers. */
export type AttributeValue =
  | number
  | bigint
  | string
  | readonly number[]
  | readonly bigint[]
  | readonly string[]
  | FloatAttribute
  | Tensor;

export type AttributeValues = Readonly<Record<string, AttributeValue | undefined>>;

const utf8 = new TextDecoder();
const utf8Encoder = new TextEncoder();

const EMPTY = { floats: [], ints: [], strings: [], tensors: [], graphs: [] };

/** Builds one attribute of a node. */
export function attribute(name: string, value: AttributeValue): AttributeProto {
  const base = { ...EMPTY, name };
  if (typeof value === "number" || typeof value === "bigint") {
    return { ...base, type: AttributeType.int, i: BigInt(value) };
  }
  if (typeof value === "string") {
    return { ...base, type: AttributeType.string, s: utf8Encoder.encode(value) };
  }
  if ("data" in value) return { ...base, type: AttributeType.tensor, t: protoOf("", value) };
  if ("float" in value) {
    return typeof value.float === "number"
      ? { ...base, type: AttributeType.float, f: value.float }
      : { ...base, type: AttributeType.floats, floats: value.float };
  }
  if (value.length > 0 && typeof value[0] === "string") {
    const strings = (value as readonly string[]).map((text) => utf8Encoder.encode(text));
    return { ...base, type: AttributeType.strings, strings };
  }
  return { ...base, type: AttributeType.ints, ints: (value as readonly number[]).map(BigInt) };
}

/** Builds the attributes of a node; undefined values are left out. */
export function attributes(values: AttributeValues): AttributeProto[] {
  return Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [attribute(name, value)]
  );
}

/** Reads the attributes of one node, with the defaults that the operator's definition gives. */
export class Attributes {
  readonly #byName: ReadonlyMap<string, AttributeProto>;

  constructor(node: NodeProto) {
    this.#byName = new Map(node.attribute.map((held) => [held.name ?? "", held]));
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }

  int(name: string): number | undefined;
  int(name: string, fallback: number): number;
  int(name: string, fallback?: number): number | undefined {
    const held = this.#byName.get(name)?.i;
    return held === undefined ? fallback : Number(held);
  }

  float(name: string, fallback: number): number {
    return this.#byName.get(name)?.f ?? fallback;
  }

  string(name: string, fallback: string): string {
    const held = this.#byName.get(name)?.s;
    return held === undefined ? fallback : utf8.decode(held);
  }

  /**
   * The row of `table` that a text names.
   *
   * @throws {UnusableNetworkError} If there is none.
   */
  choice<T>(name: string, table: Readonly<Record<string, T>>, fallback: string): T {
    const stated = this.string(name, fallback);
    const row = own(table, stated);
    if (row !== undefined) return row;
    const valid = Object.keys(table).join(", ");
    throw new UnusableNetworkError(
      `Cannot use the attribute "${name}": it is "${stated}", expected one of ${valid}`,
    );
  }

  /** Undefined when the attribute is not there, which an empty list is not. */
  ints(name: string): number[] | undefined;
  ints(name: string, fallback: readonly number[]): number[];
  ints(name: string, fallback?: readonly number[]): number[] | undefined {
    const held = this.#byName.get(name);
    return held === undefined ? fallback && [...fallback] : held.ints.map(Number);
  }

  floats(name: string): readonly number[] | undefined {
    return this.#byName.get(name)?.floats;
  }

  tensor(name: string): Tensor | undefined {
    const held = this.#byName.get(name)?.t;
    return held && tensorOf(held);
  }
}

/** The attributes of a node as they can be given to another; graphs and types are left out. */
export function attributeValues({ attribute: held }: NodeProto): AttributeValues {
  return Object.fromEntries(held.flatMap((one) => {
    const value = valueOf(one);
    return value === undefined ? [] : [[one.name ?? "", value]];
  }));
}

function valueOf(held: AttributeProto): AttributeValue | undefined {
  const readers: Partial<Record<number, () => AttributeValue | undefined>> = {
    [AttributeType.float]: () => float(held.f ?? 0),
    [AttributeType.floats]: () => float(held.floats),
    [AttributeType.int]: () => held.i,
    [AttributeType.ints]: () => held.ints,
    [AttributeType.string]: () => held.s && utf8.decode(held.s),
    [AttributeType.strings]: () => held.strings.map((text) => utf8.decode(text)),
    [AttributeType.tensor]: () => held.t && tensorOf(held.t),
  };
  return readers[held.type ?? 0]?.();
}
