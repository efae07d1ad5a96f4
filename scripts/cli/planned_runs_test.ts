import { join } from "node:path";
import { expect, test } from "vitest";
import { plannedRuns } from "./planned_runs.ts";

const images = [{ path: "a/owl.png", folder: "owl" }, { path: "b/cup.png", folder: "cup" }];
const targets = ["cup - bowl", "conv1:3", "conv1/3"].map((target, options) => ({
  target,
  options,
}));

test("every image is run with every target, each into a folder of its own", () => {
  expect(plannedRuns(images, targets.slice(0, 2))).toEqual([
    { image: "a/owl.png", target: "cup - bowl", options: 0, folder: join("owl", "cup-bowl") },
    { image: "a/owl.png", target: "conv1:3", options: 1, folder: join("owl", "conv1-3") },
    { image: "b/cup.png", target: "cup - bowl", options: 0, folder: join("cup", "cup-bowl") },
    { image: "b/cup.png", target: "conv1:3", options: 1, folder: join("cup", "conv1-3") },
  ]);
  const folders = plannedRuns(undefined, targets).map(({ folder }) => folder);
  expect(folders).toEqual(["cup-bowl", "conv1-3", "conv1-3-2"]);
});

test("one target needs no folders", () => {
  expect(plannedRuns(images, [targets[1]])).toEqual([
    { image: "a/owl.png", options: 1, folder: "owl" },
    { image: "b/cup.png", options: 1, folder: "cup" },
  ]);
  for (const target of ["..", "/", "."]) {
    const [{ folder }] = plannedRuns("x.png", [{ target, options: 0 }, targets[0]]);
    expect(folder).toBe("target");
  }
});
