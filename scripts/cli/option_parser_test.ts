import { expect, test } from "vitest";
import { z } from "zod";
import { parseCommandLine, repeatedOption } from "./option_parser.ts";
import { UsageError } from "./exit_code.ts";

const common = z.object({ model: z.string(), raw: z.boolean().default(false) });
const own = z.object({
  window: z.int().min(1).default(32),
  fill: z.union([z.enum(["zero", "mean"]), z.number()]).default("zero"),
});
const parse = (line: string) => parseCommandLine(line.split(" ").filter(Boolean), common, own);

test.each([
  ["--model m", { model: "m", raw: false }, { window: 32, fill: "zero" }],
  ["--model=m --raw --window 8", { model: "m", raw: true }, { window: 8, fill: "zero" }],
  ["--fill -1.5 --model m", { model: "m", raw: false }, { window: 32, fill: -1.5 }],
  ["--fill=-.5 --model m --raw", { model: "m", raw: true }, { window: 32, fill: -0.5 }],
])("parseCommandLine() of %s", (line, ...expected) => {
  expect(parse(line)).toEqual(expected);
});

test.each([
  ["", "Cannot use --model: it is missing, expected text"],
  ["--model m --windo 8", "Cannot use --windo: there is no such option, did you mean --window"],
  ["--model m --window 0", 'Cannot use --window: it is "0", expected an integer of 1 or more'],
  ["--model m --window", "Cannot use --window: its value is missing"],
  ["--model m --window 1 --window 2", "Cannot use --window: it is given twice"],
  ["--model m extra", 'Unexpected argument "extra"'],
  ["--model m --raw=maybe", 'Cannot use --raw: it is "maybe", expected true or false'],
])("parseCommandLine() refuses %s", (line, message) => {
  expect(() => parse(line)).toThrow(UsageError);
  expect(() => parse(line)).toThrow(message);
});

test.each([
  ["--model m --raw", [], "--model m --raw"],
  ["--image a.png --raw", ["a.png"], "--raw --image=a.png"],
  ["--image a.png --raw --image=b.png", ["a.png", "b.png"], "--raw --image=a.png"],
  ["--image a.png b.png c.png --out o", ["a.png", "b.png", "c.png"], "--out o --image=a.png"],
  ["--out o extra --image a.png", ["a.png"], "--out o extra --image=a.png"],
  ["--image --raw", [], "--image --raw"],
  ["--images folder --image a.png", ["a.png"], "--images folder --image=a.png"],
])("repeatedOption() of %s", (line, values, rest) => {
  const found = repeatedOption(line.split(" "), "image");
  expect(found.values).toEqual(values);
  expect(found.rest.join(" ")).toBe(rest);
});
