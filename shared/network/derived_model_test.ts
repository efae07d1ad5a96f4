import { expect, test, vi } from "vitest";
import { convNet } from "../../tests/networks.ts";
import { decodeModel } from "../onnx/mod.ts";
import { DerivedModels } from "./derived_model.ts";
import { digestModel } from "./session_cache.ts";

const made = () => decodeModel(convNet({ height: 6, width: 6 }));

test("a model that is named is made once, and has the digest of what is made", async () => {
  const models = new DerivedModels();
  const build = vi.fn(made);
  const { digest, build: first } = await models.name({ key: "one", build });
  expect(digest).toBe(await digestModel(made()));
  first();
  expect(build).toHaveBeenCalledTimes(1);
  expect((await models.name({ key: "one", build })).digest).toBe(digest);
  expect(build).toHaveBeenCalledTimes(1);
});

test("where its session is gone, a model is made again, once", async () => {
  const models = new DerivedModels();
  const build = vi.fn(made);
  await models.name({ key: "one", build });
  const again = await models.name({ key: "one", build });
  expect(again.build()).toBe(again.build());
  expect(build).toHaveBeenCalledTimes(2);
});
