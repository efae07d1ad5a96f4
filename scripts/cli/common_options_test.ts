import { expect, test } from "vitest";
import { loadMethod, methods } from "../../shared/methods/registry.ts";
import { runOptions } from "./common_options.ts";
import { inputOptions } from "./read_inputs.ts";

test.each(methods.map(({ id }) => id))(
  "no option of %s has the name of one that every method has",
  async (id) => {
    const { options, takes } = await loadMethod(id);
    const common = { ...runOptions.shape, ...inputOptions(takes) };
    expect(Object.keys(options.shape).filter((name) => name in common)).toEqual([]);
  },
);
