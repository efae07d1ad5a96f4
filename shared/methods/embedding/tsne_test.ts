import { finish } from "../../compute/mod.ts";
import { expect, test } from "vitest";
import { type Matrix, neighbourLists, squaredDistances } from "./matrix.ts";
import { pca } from "../../tensor/pca.ts";
import { faithfulness } from "./quality.ts";
import { divergenceOf, gradientOf, jointAffinities, tsne } from "./tsne.ts";

/** 60 points of three rings in five dimensions, as they were given to scikit-learn. */
function rings(): Matrix {
  const rows = Array.from({ length: 60 }, (_, i) => {
    const [c, t] = [i % 3, 0.7 * i];
    return [
      5 * Math.cos(2 * c) + Math.sin(t),
      5 * Math.sin(2 * c) + Math.cos(t),
      2 * c + Math.sin(2.3 * t),
      Math.cos(1.7 * t + c),
      0.5 * Math.sin(0.3 * i * i),
    ];
  });
  return { rows: 60, columns: 5, data: Float64Array.from(rows.flat()) };
}

const listsOf = (matrix: Matrix) => neighbourLists(squaredDistances(matrix));

test("pca() explains as much as scikit-learn's PCA, in uncorrelated components", async () => {
  const { explained, points } = await finish(pca(rings()));
  expect(explained[0]).toBeCloseTo(0.57502834, 7);
  expect(explained[1]).toBeCloseTo(0.38760721, 7);
  const sum = (a: 0 | 1, b: 0 | 1) =>
    Array.from({ length: 60 }, (_, i) => points.data[2 * i + a] * points.data[2 * i + b])
      .reduce((x, y) => x + y, 0);
  expect(sum(0, 1) / Math.sqrt(sum(0, 0) * sum(1, 1))).toBeCloseTo(0, 5);
});

test("faithfulness() equals scikit-learn's trustworthiness, both ways", async () => {
  const features = rings();
  const { k, trustworthiness, continuity } = faithfulness(
    listsOf(features),
    listsOf((await finish(pca(features))).points),
    12,
  );
  expect(k).toBe(12);
  expect(trustworthiness).toBeCloseTo(0.9760709504685409, 9);
  expect(continuity).toBeCloseTo(0.9747322623828648, 9);
});

test("faithfulness() of a copy is 1, and of fewer rows compares fewer neighbours", async () => {
  const features = rings();
  const lists = listsOf(features);
  expect(faithfulness(lists, lists, 12)).toEqual({ k: 12, trustworthiness: 1, continuity: 1 });
  const few = { rows: 10, columns: 5, data: features.data.subarray(0, 50) };
  expect(faithfulness(listsOf(few), listsOf((await finish(pca(few))).points), 12).k).toBe(4);
});

test("affinities have the perplexity that is asked for, and sum to 1", () => {
  const joint = jointAffinities(squaredDistances(rings()), 10);
  expect(joint.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 7);
  for (let i = 0; i < 60; i++) expect(joint[i]).toBe(joint[60 * i]);
  // Of points on a regular polygon all conditional affinities are alike, and so are the joint ones.
  const corners = Array.from({ length: 24 }, (_, i) => i * Math.PI / 12)
    .flatMap((angle) => [Math.cos(angle), Math.sin(angle)]);
  const polygon = { rows: 24, columns: 2, data: Float64Array.from(corners) };
  const row = jointAffinities(squaredDistances(polygon), 5).subarray(0, 24).map((p) => 24 * p);
  const entropy = row.reduce((sum, p) => p > 0 ? sum - p * Math.log(p) : sum, 0);
  expect(Math.exp(entropy)).toBeCloseTo(5, 4);
});

test("the gradient of t-SNE is that of the divergence", async () => {
  const joint = jointAffinities(squaredDistances(rings()), 10);
  const y = (await finish(pca(rings()))).points.data;
  const gradient = gradientOf(joint, y, 1);
  for (const at of [0, 33, 119]) {
    const moved = (step: number) => divergenceOf(joint, y.with(at, y[at] + step));
    expect(gradient[at]).toBeCloseTo((moved(1e-4) - moved(-1e-4)) / 2e-4, 7);
  }
});

test("t-SNE gets within 5 % of the divergence that scikit-learn's exact one ends at", async () => {
  const features = rings();
  const { divergence, points } = await finish(tsne(squaredDistances(features), {
    perplexity: 10,
    iterations: 1000,
    start: (await finish(pca(features))).points,
  }));
  expect(divergence).toBeLessThan(1.05 * 0.1014295923085186);
  expect(divergence).toBeGreaterThan(0.05);
  expect(faithfulness(listsOf(features), listsOf(points), 12).trustworthiness).toBeGreaterThan(
    0.97,
  );
});
