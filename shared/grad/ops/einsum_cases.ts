import { type GradientCase, random } from "../gradient_case.ts";

const einsum = (equation: string, ...shapes: (readonly number[])[]): GradientCase => ({
  op: "Einsum",
  name: equation,
  inputs: shapes.map((dims) => random(dims)),
  attributes: { equation },
});

export const cases: GradientCase[] = [
  einsum("ij,jk->ik", [2, 3], [3, 4]),
  einsum("bhqd,bhkd->bhqk", [2, 2, 3, 4], [2, 2, 5, 4]),
  einsum("bhqk,bhkd->bhqd", [2, 2, 3, 5], [2, 2, 5, 4]),
  einsum("bqhd,bkhd->bhqk", [1, 3, 2, 4], [1, 5, 2, 4]),
  einsum("...ij,...jk->...ik", [2, 3, 4], [2, 4, 5]),
  einsum("bij,bj->bi", [2, 3, 4], [2, 4]),
  einsum("ij->ji", [2, 3]),
  einsum("ij->i", [2, 3]),
  einsum("i,j->ij", [3], [4]),
  einsum("ab,bc,cd->ad", [2, 3], [3, 4], [4, 2]),
];
