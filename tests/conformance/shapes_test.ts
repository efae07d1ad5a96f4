import { expect, test } from "vitest";
import { encodeModel, inferShapes, upgradeModel } from "../../shared/onnx/mod.ts";
import { openSession } from "../../shared/runtime/mod.ts";
import { buildCase } from "./case_model.ts";
import { allCases } from "./cases.ts";
import { seeded } from "./random.ts";

test.each(await allCases())("inferred shapes are those of the run: $op / $name", async (row) => {
  const { model, feeds, outputs } = buildCase(row, seeded(7));
  const facts = inferShapes(upgradeModel(model));
  await using session = await openSession(encodeModel(model), { backend: "wasm" });
  const results = await session.run(feeds, outputs);
  for (const name of outputs) expect(facts.get(name)?.dims).toEqual([...results[name].dims]);
});

test.each(await allCases())("an upgraded model computes the same: $op / $name", async (row) => {
  const { model, feeds, outputs } = buildCase(row, seeded(7));
  const upgraded = upgradeModel(model);
  if (upgraded === model) return;
  await using before = await openSession(encodeModel(model), { backend: "wasm" });
  await using after = await openSession(encodeModel(upgraded), { backend: "wasm" });
  expect(await after.run(feeds, outputs)).toEqual(await before.run(feeds, outputs));
});
