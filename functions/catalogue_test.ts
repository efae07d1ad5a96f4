import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { cachePath } from "../models/folders.ts";
import { findModel } from "../models/mod.ts";
import { modelCatalogue } from "./catalogue.ts";

/** Its manifest says what file is meant; the file itself is not needed. */
const ID = "resnet18-v1-7";

let cache: string;
let before: string | undefined;
beforeEach(async () => {
  before = Deno.env.get("MODEL_CACHE");
  cache = await Deno.makeTempDir();
  Deno.env.set("MODEL_CACHE", cache);
});
afterEach(async () => {
  if (before === undefined) Deno.env.delete("MODEL_CACHE");
  else Deno.env.set("MODEL_CACHE", before);
  await Deno.remove(cache, { recursive: true });
});

test("a cached file that is not the one its manifest means is not sent", async () => {
  const { source, sha256 } = findModel(ID)!;
  const path = join(cache, cachePath((source as Extract<typeof source, { hub: unknown }>).hub));
  await Deno.mkdir(dirname(path), { recursive: true });
  await Deno.writeTextFile(path, "cut off");
  const file = modelCatalogue.file(ID);
  await expect(file).rejects.toMatchObject({
    problem: { status: 422, detail: expect.stringMatching(`^Cannot send .* expected ${sha256};`) },
  });
  await Deno.remove(path);
  await expect(modelCatalogue.file(ID)).rejects.toMatchObject({ problem: { status: 404 } });
});
