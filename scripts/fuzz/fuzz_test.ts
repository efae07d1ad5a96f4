import { expect, test } from "vitest";
import { RandomStream } from "../random_stream.ts";
import { runCampaign } from "./campaign.ts";
import { makeInput, seedsOf } from "./make_input.ts";
import { mutateBytes } from "./mutate_bytes.ts";
import { isExpected, type Target } from "./target.ts";
import { onnx } from "./targets/onnx.ts";
import { TARGETS } from "./targets/mod.ts";

/** Inputs in the test: of a target that runs networks fewer. */
const inputsOf = ({ batch }: Target) => Math.min(200, batch / 10);

test.each(TARGETS.map((target) => [target.name, target] as const))(
  "%s takes hostile input, or refuses it by name",
  async (_, target) => {
    const result = await runCampaign(target, {
      ...{ seed: 19, from: 0, inputs: inputsOf(target), milliseconds: 600_000 },
      signal: new AbortController().signal,
    });
    expect(result.findings).toEqual([]);
    expect(result.inputs).toBe(inputsOf(target));
  },
);

test("the same seed and number give the same input, others give others", async () => {
  const seeds = await seedsOf(onnx, undefined);
  const [a, again, other] = [5, 5, 6].map((index) => makeInput(onnx, seeds, { seed: 1 }, index));
  expect(again).toEqual(a);
  expect(other).not.toEqual(a);
});

test("the seeds themselves are taken", async () => {
  for (const target of TARGETS.filter(({ name }) => name !== "session")) {
    for (const seed of await target.seeds()) {
      const fault = await Promise.resolve().then(() => target.run(new Uint8Array(seed)))
        .then(() => undefined, (error) => error);
      expect(fault === undefined || isExpected(fault), `${target.name}: ${fault}`).toBe(true);
    }
  }
});

test("what is nobody's fault but the project's is a finding", () => {
  for (const error of [new TypeError("x"), new RangeError("x"), "text", undefined]) {
    expect(isExpected(error)).toBe(false);
  }
});

test("mutateBytes() does not change its seeds", () => {
  const seed = Uint8Array.from({ length: 50 }, (_, i) => i);
  const before = seed.slice();
  for (let i = 0; i < 300; i++) mutateBytes(new RandomStream(i), [seed], ["word"]);
  expect(seed).toEqual(before);
});
