import { expect, test } from "vitest";
import { tinyCatalogue } from "../tests/http/tiny_catalogue.ts";
import type { Catalogue } from "./catalogue.ts";
import { NetworkPool } from "./network_pool.ts";

/** A pool over a catalogue in which every id is the tiny network; counts what is opened. */
function pool(capacity: number) {
  const opened: string[] = [];
  const tiny = tinyCatalogue();
  const catalogue: Catalogue = {
    ...tiny,
    open(id) {
      opened.push(id);
      return id === "broken" ? Promise.reject(new Error("broken")) : tiny.open("tiny");
    },
  };
  return { pool: new NetworkPool({ catalogue, backend: "wasm", capacity }), opened };
}

const nothing = () => Promise.resolve();

test("a network is loaded once, even for two who ask at once", async () => {
  const { pool: networks, opened } = pool(2);
  await Promise.all([networks.use("a", nothing), networks.use("a", nothing)]);
  await networks.use("a", nothing);
  expect(opened).toEqual(["a"]);
});

test("the network that was used longest ago goes", async () => {
  const { pool: networks, opened } = pool(2);
  for (const id of ["a", "b", "a", "c", "a", "b"]) await networks.use(id, nothing);
  expect(opened).toEqual(["a", "b", "c", "b"]);
});

test("a network in use stays, however many come after it", async () => {
  const { pool: networks, opened } = pool(1);
  await networks.use("a", async ({ network }) => {
    await networks.use("b", nothing);
    await networks.use("c", nothing);
    expect(network.logitsTensor).toBe("logits");
    await networks.use("a", nothing);
  });
  expect(opened).toEqual(["a", "b", "c"]);
});

test("a network that cannot be opened is tried again", async () => {
  const { pool: networks, opened } = pool(1);
  await expect(networks.use("broken", nothing)).rejects.toThrow("broken");
  await expect(networks.use("broken", nothing)).rejects.toThrow("broken");
  expect(opened).toEqual(["broken", "broken"]);
});
