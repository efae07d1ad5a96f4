import { expect, test } from "vitest";
import { convNet } from "../../tests/networks.ts";
import { manifestFor } from "../models/mod.ts";
import { openNetwork } from "./open_network.ts";
import { channelList, parseUnits, unitCount } from "./units.ts";

const manifest = manifestFor({ path: "small.onnx", height: 12, width: 12 });
const open = () => openNetwork({ manifest, bytes: convNet() }, { backend: "wasm" });

test("parseUnits() reads a channel, a place and a range of channels", async () => {
  await using network = await open();
  expect(parseUnits("conv2:3", network)).toEqual([{ layer: "conv2", channel: 3 }]);
  expect(parseUnits("conv2:3:1:2", network)).toEqual([
    { layer: "conv2", channel: 3, row: 1, column: 2 },
  ]);
  expect(parseUnits("conv2:5-7", network)).toEqual(
    [5, 6, 7].map((channel) => ({ layer: "conv2", channel })),
  );
  expect(["conv2:3", "conv2:3:1:2", "conv2:5-7"].map(unitCount)).toEqual([1, 1, 3]);
});

test.each([
  ["conv2:5-8", 'Cannot pick the channels 5 to 8 of "conv2": it has 0 to 7'],
  ["conv2:5-4", 'Cannot pick the channels 5 to 4 of "conv2"'],
  ["conv9:0-1", 'Cannot find the layer "conv9"'],
])("parseUnits() refuses %s", async (text, message) => {
  await using network = await open();
  expect(() => parseUnits(text, network)).toThrow(message);
});

test("channelList() reads numbers and ranges, each channel once", () => {
  expect(channelList("all", 3, "it")).toEqual([0, 1, 2]);
  expect(channelList("4, 0-2,1", 5, "it")).toEqual([4, 0, 1, 2]);
});

test.each(["", "a", "5", "0-5", "3-1", "1,,2", "-1"])("channelList() refuses %j", (text) => {
  expect(() => channelList(text, 5, 'the layer "l"')).toThrow(
    `Cannot use the channels "${text}": the layer "l" has the channels 0 to 4`,
  );
});
