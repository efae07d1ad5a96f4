import { expect, test } from "vitest";
import { z } from "zod";
import { OptionError, parseOptions } from "./parse_options.ts";

const schema = z.object({
  side: z.int().min(1).max(9).default(3),
  fill: z.union([z.enum(["zero", "mean"]), z.number()]).default("zero"),
  name: z.string().regex(/^[a-z0-9]{2,}$/, "expected two letters or more"),
  loud: z.boolean().default(false),
  order: z.enum(["RGB", "BGR"]).optional(),
});

test("parseOptions() reads texts as the kinds the schema names", () => {
  expect(parseOptions(schema, { name: "123", side: " 4 ", fill: "-1.5e2", loud: "true" }))
    .toEqual({ name: "123", side: 4, fill: -150, loud: true });
  expect(parseOptions(schema, { name: "ab", fill: "MEAN", order: "BGR" }))
    .toEqual({ name: "ab", side: 3, fill: "mean", loud: false, order: "BGR" });
});

test.each([
  [{}, 'Cannot use the option "name": it is missing, expected text'],
  [{ name: "" }, '"name": it is "", expected text'],
  [{ name: "a" }, '"name": it is "a", expected two letters or more'],
  [{ name: "ab", side: "10" }, '"side": it is "10", expected an integer from 1 to 9'],
  [{ name: "ab", side: "1.5" }, '"side": it is "1.5", expected an integer from 1 to 9'],
  [{ name: "ab", side: "" }, '"side": it is "", expected an integer'],
  [{ name: "ab", side: "Infinity" }, '"side": it is "Infinity"'],
  [{ name: "ab", fill: "blue" }, '"fill": it is "blue", expected zero, mean or a number'],
  [{ name: "ab", loud: "yes" }, '"loud": it is "yes", expected true or false'],
  [{ name: "ab", sied: "1" }, '"sied": there is none of that name; did you mean side'],
])("parseOptions(%o) refuses", (texts, message) => {
  expect(() => parseOptions(schema, texts)).toThrow(OptionError);
  expect(() => parseOptions(schema, texts)).toThrow(message);
});
