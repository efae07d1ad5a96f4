import { expect, test } from "vitest";
import { breakLines, fitText, textWidth } from "./text.ts";

test("a line is as wide as its letters", () => {
  // Advance widths in Noto Sans: A 639, V 600, space 260.
  expect(textWidth("A V", 1000)).toBe(639 + 260 + 600);
  expect(textWidth("中文", 10)).toBe(20);
});

test("text is broken between words, long words anywhere", () => {
  expect(breakLines("one two three", 1000, textWidth("one two", 1000))).toEqual([
    "one two",
    "three",
  ]);
  expect(breakLines("aaaa", 1000, textWidth("aa", 1000))).toEqual(["aa", "aa"]);
  expect(breakLines("", 10, 100)).toEqual([]);
});

test("what does not fit ends with an ellipsis", () => {
  expect(fitText("abc", 1000, textWidth("abc", 1000))).toBe("abc");
  expect(fitText("abcdefgh", 1000, textWidth("abc…", 1000))).toBe("abc…");
});
