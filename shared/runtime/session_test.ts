import { describe, expect, test } from "vitest";
import { convNet, openExtentsNet, randomTensor } from "../../tests/networks.ts";
import type { Backend } from "./backend.ts";
import { findNative } from "./native_build.ts";
import { runQueue } from "./run_queue.ts";
import { openSession } from "./session.ts";
import { skipped } from "../../tests/skipped.ts";

const x = randomTensor([1, 3, 12, 12], 1);

const backends: Backend[] = ["wasm"];
const noNative = typeof findNative() === "string";
if (!skipped("native", noNative, "sessions on the native backend")) backends.push("native");

describe.each(backends)("on %s", (backend) => {
  test("openSession() describes inputs and outputs", async () => {
    await using session = await openSession(convNet(), { backend });
    expect(session.inputs).toEqual([{ name: "x", type: "float32", dims: ["N", 3, 12, 12] }]);
    expect(session.outputs.map(({ name }) => name)).toEqual(["logits", "prob"]);
  });

  test(
    "Session.run() computes what is asked for, the same each time",
    async () => {
      await using session = await openSession(convNet(), { backend });
      const { prob } = await session.run({ x }, ["prob"]);
      expect(prob.dims).toEqual([1, 5]);
      const sum = [...prob.data].reduce<number>((total, value) => total + Number(value), 0);
      expect(sum).toBeCloseTo(1, 5);
      const all = await session.run({ x });
      expect(Object.keys(all)).toEqual(["logits", "prob"]);
      expect(all.prob.data).toEqual(prob.data);
    },
  );

  test(
    "Session.run() takes any extent where the file leaves it open",
    async () => {
      await using session = await openSession(openExtentsNet, { backend });
      const { y } = await session.run({ x: randomTensor([2, 3, 4], 1) });
      expect(y.dims).toEqual([2, 3, 4]);
      await expect(session.run({ x: randomTensor([2, 2, 4], 1) })).rejects.toThrow(
        "expected [?,3,?]",
      );
    },
  );

  test.each(
    [
      [
        "another shape",
        { x: randomTensor([1, 3, 9, 12], 1) },
        'input "x" has shape [1,3,9,12], expected [N,3,12,12]',
      ],
      [
        "another rank",
        { x: randomTensor([3, 12, 12], 1) },
        'input "x" has shape [3,12,12], expected [N,3,12,12]',
      ],
      [
        "another type",
        { x: { ...x, type: "int32", data: new Int32Array(432) } },
        'input "x" is int32, expected float32',
      ],
      ["another name", { y: x }, 'input "x" [N,3,12,12] is missing'],
      ["one too many", { x, y: x }, 'there is no input "y"; its inputs are "x"'],
    ] as const,
  )("Session.run() refuses feeds of %s", async (_, feeds, message) => {
    await using session = await openSession(convNet(), { backend });
    await expect(session.run(feeds)).rejects.toThrow(`Cannot run the network: ${message}`);
  });

  test(
    "Session.run() refuses an unknown output and a disposed session",
    async () => {
      const session = await openSession(convNet(), { backend });
      await expect(session.run({ x }, ["nope"])).rejects.toThrow('there is no output "nope"');
      await session.dispose();
      await session.dispose();
      await expect(session.run({ x })).rejects.toThrow("its session is disposed");
    },
  );

  test("Session.run() gives up when it is aborted while it waits", async () => {
    await using session = await openSession(convNet(), { backend });
    const gate = Promise.withResolvers<void>();
    const blocker = runQueue.enqueue(() => gate.promise);
    const controller = new AbortController();
    const run = session.run({ x }, ["prob"], { signal: controller.signal });
    controller.abort(new Error("gone"));
    await expect(run).rejects.toThrow("gone");
    gate.resolve();
    await blocker;
  });

  test("Session.run() keeps no memory over 1,000 runs", async () => {
    const side = 96;
    const bytes = convNet({ height: side, width: side });
    await using session = await openSession(bytes, { backend });
    const image = randomTensor([1, 3, side, side], 1);
    const runs = async (count: number) => {
      for (let i = 0; i < count; i++) await session.run({ x: image }, ["prob"]);
      return Deno.memoryUsage().rss;
    };
    const before = await runs(100);
    const after = await runs(1000);
    // The input alone is 110 kB, so keeping it would take 110 MB; the garbage collector's own ups and
    // downs are some 30 MB.
    expect(after - before).toBeLessThan(64 * 2 ** 20);
  });
});
