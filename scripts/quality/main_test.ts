import { expect, test } from "vitest";
import { openModel } from "../../models/mod.ts";
import { openNetwork } from "../../shared/network/open_network.ts";
import { pointing } from "./pointing.ts";
import { printRows } from "./main.ts";

const run = async (...args: string[]) => {
  const permissions = ["--allow-read", "--allow-write=.cache", "--allow-env"];
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", ...permissions, "scripts/quality/main.ts", ...args],
  });
  const { code, stderr } = await command.output();
  return { code, error: new TextDecoder().decode(stderr) };
};

test("the pointing game on a scene has a row for each method", async () => {
  await using network = await openNetwork(await openModel("glyphnet"), { backend: "wasm" });
  const rows = await pointing.run(network, 1, new AbortController().signal);
  expect(rows.map(({ method }) => method)).toContain("centre");
  for (const row of rows) expect(["0.0 %", "100.0 %"]).toContain(row["main (1)"]);
});

test("printRows() lines up columns", () => {
  expect(printRows([{ method: "a", hits: 10 }, { method: "long name", hits: 5 }])).toBe(
    "| method    | hits |\n| --------- | ---- |\n| a         | 10   |\n| long name | 5    |",
  );
});

test("deno task quality refuses what it does not know", async () => {
  const [part, count] = [await run("nothing"), await run("--count", "0")];
  expect([part.code, count.code]).toEqual([2, 2]);
  expect(part.error).toContain('Cannot measure "nothing": expected localisation or pointing');
  expect(count.error).toContain('Cannot measure on "0" scenes: expected 1 or more');
});
