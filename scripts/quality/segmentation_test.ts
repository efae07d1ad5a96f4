import { expect, test } from "vitest";
import { openModel } from "../../models/mod.ts";
import { openNetwork } from "../../shared/network/open_network.ts";
import { segmentation } from "./segmentation.ts";

test("objects alone in a scene are cut out with an overlap of 0.6 or more", async () => {
  await using network = await openNetwork(await openModel("glyphnet"), { backend: "wasm" });
  const [row] = await segmentation.run(network, 24, new AbortController().signal);
  expect(row.scenes).toBeGreaterThan(2);
  expect(Number(row.mean)).toBeGreaterThan(0.6);
});
