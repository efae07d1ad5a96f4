import { InputError } from "../../errors.ts";
import { own } from "../edit.ts";
import {
  type Fact,
  MAX_FOLDED,
  type ShapeRule,
  type ShapeRules,
  type ShapeScope,
  tensorFact,
} from "./fact.ts";

const constant: ShapeRule = ({ node }) => {
  const stored = node.attribute.find(({ name }) => name === "value")?.t;
  if (stored) return [tensorFact(stored)];
  const held = node.attribute[0];
  const scalar = (
    type: "float32" | "int64",
    value: number,
  ): Fact[] => [{ type, dims: [], value: [value] }];
  const list = (type: "float32" | "int64", value: number[]): Fact[] => [
    { type, dims: [value.length], value: value.length > MAX_FOLDED ? undefined : value },
  ];
  const forms: Readonly<Record<string, () => Fact[]>> = {
    value_float: () => scalar("float32", held.f ?? 0),
    value_int: () => scalar("int64", Number(held.i ?? 0)),
    value_floats: () => list("float32", [...held.floats]),
    value_ints: () => list("int64", held.ints.map(Number)),
  };
  const form = own(forms, held?.name);
  if (form === undefined) throw new InputError(`a constant of "${held?.name}" is not a number`);
  return form();
};

function shapeOf(scope: ShapeScope): readonly number[] {
  const dims = scope.dims(0);
  const at = (bound: number) => bound < 0 ? Math.max(0, bound + dims.length) : bound;
  return dims.slice(
    at(scope.attributes.int("start", 0)),
    at(scope.attributes.int("end", dims.length)),
  );
}

const range: ShapeRule = (scope) => {
  const [start, limit, delta] = [0, 1, 2].map((i) => scope.value(i)[0]);
  const count = Math.max(0, Math.ceil((limit - start) / delta));
  const fact = { type: scope.fact(0).type, dims: [count] };
  if (count > MAX_FOLDED) return [fact];
  return [{ ...fact, value: Array.from({ length: count }, (_, i) => start + i * delta) }];
};

export const constantRules: ShapeRules = {
  Constant: constant,
  ConstantOfShape: (scope) => [{
    type: scope.attributes.tensor("value")?.type ?? "float32",
    dims: scope.value(0),
  }],
  Shape: (scope) => {
    const value = shapeOf(scope);
    return [{ type: "int64", dims: [value.length], value }];
  },
  Size: (scope) => [{ type: "int64", dims: [], value: [scope.dims(0).reduce((a, b) => a * b, 1)] }],
  Range: range,
  OneHot: (scope) => {
    const dims = scope.dims(0);
    const axis = scope.attributes.int("axis", -1);
    const at = axis < 0 ? axis + dims.length + 1 : axis;
    return [{
      type: scope.fact(2).type,
      dims: [...dims.slice(0, at), scope.value(1)[0], ...dims.slice(at)],
    }];
  },
};
