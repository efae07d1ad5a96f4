import { expect, test } from "vitest";
import { randomTensor } from "../../tests/networks.ts";
import { float32 } from "../tensor/tensor.ts";
import { adjoint, randomView, roll, see } from "./view.ts";

const dims = [1, 2, 7, 9];
const still = { zoom: 1, angle: 0, down: 0, right: 0 };
const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, v, i) => sum + v * b[i], 0);

test.each([
  ["turned and enlarged", { zoom: 1.2, angle: 0.3, down: 2, right: -1 }],
  ["smaller and far off", { zoom: 0.7, angle: -1, down: -5, right: 4 }],
  ["moved by parts of pixels", { ...still, down: 0.25, right: 1.5 }],
])("adjoint() is the adjoint of see(): %s", (_, view) => {
  const [x, y] = [randomTensor(dims, 1), randomTensor(dims, 2)];
  const forward = dot(see(x, view, [0, 0]).data, y.data);
  expect(dot(x.data, adjoint(y, view).data)).toBeCloseTo(forward, 4);
});

test("see() without a change is the image, and moves by whole pixels are exact", () => {
  const x = randomTensor(dims, 3);
  expect(see(x, still, [5, 6]).data).toEqual(x.data);
  const moved = see(x, { ...still, down: 2, right: -3 }, [5, 6]).data;
  expect(moved[0]).toBe(5);
  expect(moved[7 * 9]).toBe(6);
  expect(moved[2 * 9]).toBe(x.data[3]);
  expect(moved[7 * 9 + 6 * 9 + 5]).toBe(x.data[7 * 9 + 4 * 9 + 8]);
});

test("see() of a quarter turn and of twice the size puts pixels where they belong", () => {
  const x = float32(Float32Array.of(1, 2, 3, 4), [1, 1, 2, 2]);
  const turned = see(x, { ...still, angle: Math.PI / 2 }, [0]).data;
  [...turned].forEach((v, i) => expect(v).toBeCloseTo([3, 1, 4, 2][i], 5));
  const large = see(float32(Float32Array.of(0, 0, 0, 0, 8, 0, 0, 0, 0), [1, 1, 3, 3]), {
    ...still,
    zoom: 2,
  }, [0]).data;
  expect([...large]).toEqual([2, 4, 2, 4, 8, 4, 2, 4, 2]);
});

const range = { shift: 6, zoom: 0.1, angle: 0.2 };
const views = Array.from({ length: 500 }, (_, step) => randomView(range, 4, step));

test("randomView() covers its range and does not leave it", () => {
  const spans = {
    down: [-6, 6],
    right: [-6, 6],
    zoom: [0.9, 1.1],
    angle: [-0.2, 0.2],
  } as const;
  for (const [name, [least, most]] of Object.entries(spans)) {
    const values = views.map((view) => view[name as keyof typeof spans]);
    const tenth = (most - least) / 10;
    expect(Math.min(...values)).toBeGreaterThanOrEqual(least);
    expect(Math.max(...values)).toBeLessThanOrEqual(most);
    expect(Math.min(...values)).toBeLessThan(least + tenth);
    expect(Math.max(...values)).toBeGreaterThan(most - tenth);
  }
});

test("randomView() is the same for a seed and step, and another for others", () => {
  expect(randomView(range, 4, 7)).toEqual(views[7]);
  expect(views[8]).not.toEqual(views[7]);
  expect(randomView(range, 5, 7)).not.toEqual(views[7]);
});

test("roll() there and back is the identity", () => {
  const planes = randomTensor([1, 2, 5, 7], 1);
  expect(roll(roll(planes, 3, -9), -3, 9).data).toEqual(planes.data);
  const row = float32(Float32Array.of(1, 2, 3), [1, 1, 1, 3]);
  expect([...roll(row, 0, 1).data]).toEqual([3, 1, 2]);
});
