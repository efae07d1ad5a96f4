import { expect, test } from "vitest";
import { summaryTable } from "./image_summary.ts";

const done = (image: string, measures: Parameters<typeof summaryTable>[0][0]["measures"]) => ({
  image,
  folder: image,
  seconds: 1.25,
  notes: [],
  measures,
});

test("a summary has a line for each image: classes by their labels, rankings by their first", () => {
  const classes = [{ index: 3, label: "owl", probability: 0.91 }, {
    index: 4,
    label: "cat",
    probability: 0.05,
  }];
  const lines = summaryTable(
    [
      done("a.png", { target: { index: 3, label: "owl" }, targetLogit: 2.5, curve: [1, 2] }),
      done("b.png", { classes, isTop1: true }),
    ],
    [{ image: "c.heic", reason: "it is HEIC" }],
  ).split("\n");
  expect(lines).toHaveLength(5);
  expect(lines[2]).toMatch(/^a\.png +owl +2\.5 .*1\.\d$/);
  expect(lines[3]).toMatch(/^b\.png +owl +91 % +yes +1\.\d$/);
  expect(lines[4]).toMatch(/^c\.heic +left out$/);
});
