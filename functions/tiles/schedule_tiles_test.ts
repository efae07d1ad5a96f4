import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { scheduleTiles } from "./schedule_tiles.ts";
import { type Tile, tilesOf } from "./tile.ts";
import { WorkerBusyError } from "./worker_busy_error.ts";

type Work = (worker: string, tile: Tile, signal: AbortSignal) => Promise<string>;

/** Runs a schedule and records who did what. */
async function schedule(
  post: Work,
  options: Partial<Parameters<typeof scheduleTiles<string>>[1]> = {},
  positions = 20,
) {
  const parts = new Map<number, string>();
  const failures: string[] = [];
  let under = 0;
  let most = 0;
  let next = 0;
  const take = () => next < positions ? [next++, next++] : [];
  await scheduleTiles<string>(tilesOf(take), {
    workers: ["a", "b"],
    inFlight: 4,
    timeoutMs: 1_000,
    backoffMs: 1,
    post: async (worker, tile, signal) => {
      most = Math.max(most, ++under);
      try {
        return await post(worker, tile, signal);
      } finally {
        under--;
      }
    },
    rescue: () => Promise.resolve("here"),
    onPart: (part, tile) => {
      expect(parts.has(tile.positions[0])).toBe(false);
      parts.set(tile.positions[0], part);
    },
    onFailure: ({ worker }) => failures.push(worker),
    ...options,
  });
  return { parts, failures, most, by: [...parts.values()] };
}

/** Work that takes `ms` and can be aborted. */
const takes = (ms: number): Work => async (worker, _tile, signal) => {
  await sleep(ms, undefined, { signal });
  return worker;
};

const dead: Work = () => Promise.reject(new TypeError("connection refused"));

test("tilesOf() asks for a tile when it is wanted, and ends with the first empty one", () => {
  const given = [[3, 1], [2], [], [5]];
  let asked = 0;
  const tiles = tilesOf(() => given[asked++]);
  expect(tiles.next().value).toEqual({ positions: [3, 1] });
  expect(asked).toBe(1);
  expect([...tiles]).toEqual([{ positions: [2] }]);
});

test("scheduleTiles() hands out every tile once, at most `inFlight` at a time", async () => {
  const { parts, most, by, failures } = await schedule(takes(5));
  expect(parts.size).toBe(10);
  expect(most).toBe(4);
  expect(new Set(by)).toEqual(new Set(["a", "b"]));
  expect(failures).toEqual([]);
});

test("scheduleTiles() gives a fast worker more", async () => {
  const { by } = await schedule((worker, ...rest) =>
    takes(worker === "a" ? 5 : 60)(worker, ...rest)
  );
  expect(by.filter((worker) => worker === "a").length).toBeGreaterThanOrEqual(7);
});

test("scheduleTiles() does without a worker that is dead", async () => {
  const { by } = await schedule(
    (worker, ...rest) => (worker === "a" ? dead : takes(5))(worker, ...rest),
    { attempts: 20 },
  );
  expect(by.filter((worker) => worker === "b")).toHaveLength(10);
});

test("scheduleTiles() survives a worker that dies in the middle", async () => {
  let left = 3;
  const { parts, failures } = await schedule((worker, ...rest) =>
    (worker === "a" && left-- <= 0 ? dead : takes(2))(worker, ...rest)
  );
  expect(parts.size).toBe(10);
  expect(failures).toContain("a");
});

test("scheduleTiles() evaluates here what no worker manages", async () => {
  const { by } = await schedule(dead);
  expect(by).toEqual(new Array(10).fill("here"));
});

test("scheduleTiles() evaluates one poisonous tile here, and the others there", async () => {
  const { parts } = await schedule((worker, tile, signal) =>
    tile.positions[0] === 6 ? dead(worker, tile, signal) : takes(1)(worker, tile, signal)
  );
  expect(parts.get(6)).toBe("here");
  expect([...parts.values()].filter((by) => by === "here")).toHaveLength(1);
});

test("scheduleTiles() evaluates all here without workers", async () => {
  const { by } = await schedule(dead, { workers: [] });
  expect(by).toEqual(new Array(10).fill("here"));
});

test("scheduleTiles() does not count a busy worker as a failure", async () => {
  let calls = 0;
  const { by, failures } = await schedule((worker, ...rest) =>
    ++calls % 3 === 0 ? takes(1)(worker, ...rest) : Promise.reject(new WorkerBusyError("busy"))
  );
  expect(by).not.toContain("here");
  expect(failures).toEqual([]);
});

test("scheduleTiles() asks for a straggler a second time and aborts the first", async () => {
  let hung: AbortSignal | undefined;
  const { by, failures } = await schedule((worker, tile, signal) => {
    if (tile.positions[0] !== 0 || hung) return takes(5)(worker, tile, signal);
    hung = signal;
    return takes(60_000)(worker, tile, signal);
  }, { hedgeMs: 30, timeoutMs: 50_000 });
  expect(by).toHaveLength(10);
  expect(hung?.aborted).toBe(true);
  expect(failures).toEqual([]);
});

test("scheduleTiles() gives up a request that takes longer than the time-out", async () => {
  let first = true;
  const { by, failures } = await schedule((worker, tile, signal) => {
    const ms = first ? 60_000 : 1;
    first = false;
    return takes(ms)(worker, tile, signal);
  }, { timeoutMs: 40, hedgeMs: 50_000 });
  expect(by).toHaveLength(10);
  expect(failures).toHaveLength(1);
});

test("scheduleTiles() stops everything when it is aborted", async () => {
  const controller = new AbortController();
  const signals: AbortSignal[] = [];
  const running = schedule((worker, tile, signal) => {
    signals.push(signal);
    return takes(60_000)(worker, tile, signal);
  }, { signal: controller.signal });
  await sleep(10);
  controller.abort(new Error("the client is gone"));
  await expect(running).rejects.toThrow("the client is gone");
  expect(signals).toHaveLength(4);
  expect(signals.every(({ aborted }) => aborted)).toBe(true);
});

test("scheduleTiles() throws what cannot be evaluated here either", async () => {
  const rescue = () => Promise.reject(new RangeError("no such network"));
  await expect(schedule(dead, { rescue })).rejects.toThrow("no such network");
});
