import { expect, test } from "vitest";
import { loadTechnique, techniques } from "../../shared/techniques/registry.ts";
import { runOptions } from "./common_options.ts";
import { inputOptions } from "./read_inputs.ts";

test.each(techniques.map(({ id }) => id))(
  "no option of %s has the name of one that every technique has",
  async (id) => {
    const { options, takes } = await loadTechnique(id);
    const common = { ...runOptions.shape, ...inputOptions(takes) };
    expect(Object.keys(options.shape).filter((name) => name in common)).toEqual([]);
  },
);
