import { expect, test } from "vitest";
import type { Checkpoint } from "./checkpoint.ts";
import { train } from "./train.ts";
import { SMOKE, type TrainOptions } from "./train_options.ts";

const options: TrainOptions = { ...SMOKE, batch: 4, steps: 9, warmup: 2, cooldown: 3 };

test("the same seed gives the same weights to the bit, in one run or in two", async () => {
  let middle: Checkpoint | undefined;
  const whole = await train(options, {
    until: 3,
    onStep: ({ step }, state) => {
      if (step === 2) middle = structuredClone(state());
    },
  });
  expect(await train(options, { until: 3 })).toEqual(whole);
  expect(await train(options, { from: middle, until: 3 })).toEqual(whole);

  // On the plateau of the learning rate the number of steps may still change, and nothing else.
  const longer = { ...options, steps: 20 };
  const extended = await train(longer, { from: middle, until: 3 });
  expect(extended.parameters).toEqual(whole.parameters);
  await expect(train({ ...options, rate: 1 }, { from: middle, until: 3 })).rejects.toThrow(
    /Cannot go on training: the checkpoint was made with other options/,
  );
  const late = { ...whole, step: 7 };
  await expect(train(longer, { from: late, until: 8 })).rejects.toThrow(/other options/);
});
