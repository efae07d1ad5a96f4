import { expect, test } from "vitest";
import { z } from "zod";
import { optionHelp, wrap } from "./help.ts";

test("optionHelp() shows what each option takes, its default and its sentence", () => {
  const schema = z.object({
    model: z.string().describe("A network."),
    window: z.int().min(1).default(32).describe("A side.").meta({ unit: "pixels" }),
    mean: z.string().optional().describe("A mean."),
    raw: z.boolean().default(false).describe("A flag."),
  });
  expect(optionHelp("Options", schema)).toBe(`Options:
  --model <text>, required
      A network.
  --window <an integer of 1 or more (pixels)>, default 32
      A side.
  --mean <text>
      A mean.
  --raw
      A flag.`);
});

test("wrap() breaks between words", () => {
  expect(wrap("one two three", 8)).toEqual(["one two", "three"]);
  expect(wrap("exceptional", 4)).toEqual(["exceptional"]);
});
