import { expect, test } from "vitest";
import { channelList } from "./channel_list.ts";

test("channelList() reads numbers and ranges, each channel once", () => {
  expect(channelList("all", 3, "it")).toEqual([0, 1, 2]);
  expect(channelList("4, 0-2,1", 5, "it")).toEqual([4, 0, 1, 2]);
});

test.each(["", "a", "5", "0-5", "3-1", "1,,2", "-1"])("channelList() refuses %j", (text) => {
  expect(() => channelList(text, 5, 'the layer "l"')).toThrow(
    `Cannot use the channels "${text}": the layer "l" has the channels 0 to 4`,
  );
});
