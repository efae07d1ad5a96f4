import { operatorNames } from "../../shared/onnx/mod.ts";
import type { RandomStream } from "../random_stream.ts";
import { EDGES } from "./mutate_bytes.ts";

/** Names that objects have from birth, and others that no file should have. */
const ODD_NAMES = ["", "constructor", "__proto__", "toString", "\x1b[31m", "x".repeat(300), "é\0"];

/** Where a value lies in a message. */
type Path = readonly (string | number)[];

/**
 * A decoded message with one to four values changed: numbers to borders, names to other names of
 * the same file, lists repeated, shortened and shuffled. So it still reads as a file, and what is
 * wrong with it is found further in.
 *
 * @param message Plain data, as `decodeModel` gives.
 */
export function mutateMessage<T extends object>(draw: RandomStream, message: T): T {
  let result: unknown = message;
  const count = 1 + draw.below(4);
  for (let i = 0; i < count; i++) {
    const { paths, names } = survey(result);
    if (paths.length === 0) break;
    result = changed(result, draw.pick(paths), (value, key) => other(value, key, draw, names));
  }
  return result as T;
}

/** All places of a message, and all its texts. */
function survey(message: unknown): { paths: Path[]; names: string[] } {
  const paths: Path[] = [];
  const names: string[] = [];
  const visit = (value: unknown, path: Path) => {
    if (path.length > 0) paths.push(path);
    if (typeof value === "string") names.push(value);
    if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return;
    // Weights are one place, not thousands.
    if (Array.isArray(value) && typeof value[0] === "number" && value.length > 16) return;
    for (const [key, held] of Object.entries(value)) {
      if (held !== undefined) visit(held, [...path, Array.isArray(value) ? Number(key) : key]);
    }
  };
  visit(message, []);
  return { paths, names };
}

/** A copy with the value at `path` replaced; what lies beside is shared. */
function changed(
  value: unknown,
  [key, ...rest]: Path,
  change: (value: unknown, key: string | number) => unknown,
): unknown {
  const held = (value as Record<string | number, unknown>)[key];
  const next = rest.length === 0 ? change(held, key) : changed(held, rest, change);
  if (Array.isArray(value)) return value.map((item, i) => i === key ? next : item);
  return { ...value as object, [key]: next };
}

function other(
  value: unknown,
  key: string | number,
  draw: RandomStream,
  names: readonly string[],
): unknown {
  if (typeof value === "number") return number(value, draw);
  if (typeof value === "bigint") {
    const drawn = number(Number(value), draw);
    return BigInt.asIntN(64, BigInt(Math.trunc(drawn)));
  }
  if (typeof value === "string") {
    const pool = key === "opType" && draw.chance(0.8) ? operatorNames : names;
    return draw.chance(0.15) ? draw.pick(ODD_NAMES) : draw.pick(pool);
  }
  if (value instanceof Uint8Array) {
    if (draw.chance(0.3)) return value.slice(0, draw.below(value.length + 1));
    const copy = value.slice();
    for (let i = 0; i < 8 && copy.length > 0; i++) {
      copy[draw.below(copy.length)] = draw.pick([0, 1, 127, 128, 255, draw.below(256)]);
    }
    return copy;
  }
  if (Array.isArray(value)) return list(value, draw);
  return draw.chance(0.5) ? undefined : value;
}

function number(value: number, draw: RandomStream): number {
  const near = value + draw.pick([-2, -1, 1, 2]);
  return draw.pick([draw.pick(EDGES), near, -value, value * 2, draw.below(12), draw.below(30)]);
}

function list(values: readonly unknown[], draw: RandomStream): unknown[] {
  const at = draw.below(values.length + 1);
  const ways: readonly (() => unknown[])[] = [
    () => values.toSpliced(at, 1),
    () => values.toSpliced(at, 0, ...values.slice(at, at + 1)),
    () => values.toSpliced(at, 0, ...values.slice(0, 1)),
    () => values.toReversed(),
    () => values.slice(0, at),
    () => [...values, ...values],
  ];
  return draw.pick(ways)();
}
