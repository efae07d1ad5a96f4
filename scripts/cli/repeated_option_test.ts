import { expect, test } from "vitest";
import { repeatedOption } from "./repeated_option.ts";

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
