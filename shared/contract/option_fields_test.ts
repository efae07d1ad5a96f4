import { expect, test } from "vitest";
import { z } from "zod";
import { expectation, optionFields } from "./option_fields.ts";

const schema = z.object({
  side: z.int().min(1).max(9).default(3).describe("A side.").meta({ unit: "pixels" }),
  rate: z.number().optional().describe("A rate."),
  fill: z.union([z.enum(["zero", "mean"]), z.number()]).default("zero").describe("A fill."),
  name: z.string().describe("A name."),
  loud: z.boolean().default(false).describe("A flag."),
});

test("optionFields() reads names, defaults, units and kinds from the schema", () => {
  const [side, rate, fill, name, loud] = optionFields(schema);
  expect(side).toEqual({
    name: "side",
    description: "A side.",
    unit: "pixels",
    defaultValue: 3,
    required: false,
    kinds: [{ type: "integer", minimum: 1, maximum: 9 }],
  });
  expect(rate).toMatchObject({ defaultValue: undefined, required: false });
  expect(fill.kinds).toEqual([{ type: "choice", choices: ["zero", "mean"] }, { type: "number" }]);
  expect(name).toMatchObject({ required: true, kinds: [{ type: "text" }] });
  expect(loud).toMatchObject({ defaultValue: false, kinds: [{ type: "flag" }] });
});

test("expectation() says what is valid", () => {
  expect(optionFields(schema).map(expectation)).toEqual([
    "an integer from 1 to 9 (pixels)",
    "a number",
    "zero, mean or a number",
    "text",
    "true or false",
  ]);
});

test("optionFields() refuses a field that no text can give", () => {
  expect(() => optionFields(z.object({ list: z.array(z.number()) }))).toThrow(
    'Cannot read the option "list" from text: it is of type array',
  );
});
