import { expect, test } from "vitest";
import { iconSvg } from "./icon_svg.ts";

const set = {
  width: 30,
  height: 20,
  icons: { plane: { body: "<path/>" }, dot: { body: "<circle/>", width: 10, height: 10, left: 2 } },
  aliases: { jet: { parent: "plane" } },
};

test("the view box is the icon's, made square around its centre", () => {
  expect(iconSvg(set, "plane")).toContain(`viewBox="0 -5 30 30"><path/></svg>`);
  expect(iconSvg(set, "dot")).toContain(`viewBox="2 0 10 10"><circle/></svg>`);
});

test("an alias shows its parent, and a missing icon is undefined", () => {
  expect(iconSvg(set, "jet")).toBe(iconSvg(set, "plane"));
  expect(iconSvg(set, "boat")).toBeUndefined();
});
