import fc from "fast-check";
import { expect, test } from "vitest";
import { finish, inOrder, type Lane, LaneBusyError } from "./executor.ts";
import { schedule } from "./schedule.ts";

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Doubles numbers, after `ms`. */
function lane(
  { ms = 0, ...rest }: Partial<Lane> & { ms?: number } = {},
): Lane & { seen: number[] } {
  const seen: number[] = [];
  return {
    depth: 1,
    isExpendable: false,
    seen,
    async run(items) {
      seen.push(...items as number[]);
      await sleep(ms);
      return (items as number[]).map((item) => 2 * item);
    },
    ...rest,
  };
}

/** Fails or answers as told, forever. */
const broken = (error: Error): Lane & { calls: number } => {
  const it = {
    depth: 1,
    isExpendable: true,
    calls: 0,
    run() {
      it.calls++;
      return Promise.reject(error);
    },
  };
  return it;
};

const range = (count: number) => Array.from({ length: count }, (_, i) => i);

async function collect(items: Iterable<number>, lanes: readonly Lane[], options = {}) {
  const found = await Array.fromAsync(schedule<number, number>(items, lanes, options));
  return found.toSorted((a, b) => a.item - b.item);
}

const doubled = (count: number) => range(count).map((item) => ({ item, result: 2 * item }));

test("schedule() gives each item's result once, for any lanes that do not all fail", async () => {
  const kinds = fc.array(fc.constantFrom("slow", "busy", "failing", "deep"), { maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(
      fc.nat({ max: 40 }),
      kinds,
      fc.integer({ min: 1, max: 9 }),
      async (n, kind, batch) => {
        const make: Record<string, () => Lane> = {
          slow: () => lane({ ms: 3, isExpendable: true }),
          busy: () => broken(new LaneBusyError("busy")),
          failing: () => broken(new Error("no")),
          deep: () => lane({ depth: 3 }),
        };
        const lanes = [lane(), ...kind.map((name) => make[name]())];
        expect(await collect(range(n), lanes, { batch, backoffMs: 1, hedgeMs: 2 })).toEqual(
          doubled(n),
        );
      },
    ),
    { numRuns: 40 },
  );
});

test("schedule() gives up a lane that keeps failing, and one that is always busy", async () => {
  const failing = broken(new Error("no"));
  const busy = broken(new LaneBusyError("busy"));
  const slow = lane({ ms: 40 });
  expect(await collect(range(60), [slow, failing, busy], { batch: 1, backoffMs: 1 })).toEqual(
    doubled(60),
  );
  expect(failing.calls).toBe(5);
  expect(busy.calls).toBeLessThanOrEqual(12);
});

test("schedule() ends with the error of a lane that is not expendable", async () => {
  const local = lane({ run: () => Promise.reject(new Error("out of memory")) });
  await expect(collect(range(9), [local, lane({ ms: 5, isExpendable: true })])).rejects.toThrow(
    "out of memory",
  );
});

test("schedule() gives what an expendable lane holds up to another", async () => {
  const hanging = lane({ isExpendable: true, run: () => new Promise(() => {}) });
  expect(await collect(range(12), [lane(), hanging], { hedgeMs: 10 })).toEqual(doubled(12));
});

test("schedule() asks for items when there is time for them, and stops when it is left", async () => {
  let asked = 0;
  let ended = false;
  function* items() {
    try {
      for (;;) yield asked++;
    } finally {
      ended = true;
    }
  }
  const lanes = [lane({ ms: 1 })];
  for await (const { item } of schedule<number, number>(items(), lanes, { batch: 2 })) {
    if (item >= 5) break;
  }
  const before = asked;
  await sleep(20);
  expect(asked).toBe(before);
  expect(asked).toBeLessThan(12);
  expect(ended).toBe(true);
});

test("schedule() lets lanes wait for a consumer that is behind", async () => {
  const it = lane();
  const results = schedule<number, number>(range(10_000), [it], { batch: 1 });
  await results.next();
  await sleep(100);
  expect(it.seen.length).toBeLessThan(100);
  await results.return();
});

test("schedule() throws the signal's reason, and aborts what is under way", async () => {
  const controller = new AbortController();
  let aborted = false;
  const local = lane({
    run: (_, { signal }) =>
      new Promise((_, reject) => {
        signal!.addEventListener("abort", () => {
          aborted = true;
          reject(signal!.reason);
        });
        queueMicrotask(() => controller.abort(new Error("enough")));
      }),
  });
  await expect(collect([1], [local], { signal: controller.signal })).rejects.toThrow("enough");
  expect(aborted).toBe(true);
});

test("schedule() yields what is reported before the last result", async () => {
  const reporting = lane({
    run(items, { report }) {
      items.forEach((item, i) => report!(i, -(item as number)));
      return Promise.resolve(items);
    },
  });
  const found = await Array.fromAsync(schedule<number, number>([1, 2], [reporting], { batch: 1 }));
  expect(found.map(({ result }) => result)).toEqual([-1, 1, -2, 2]);
});

test("a source that fails ends the map", async () => {
  function* items() {
    yield 1;
    throw new Error("cannot read image 2");
  }
  await expect(collect(items(), [lane()])).rejects.toThrow("cannot read image 2");
});

test("inOrder() sorts what comes in any order", async () => {
  const lanes = [lane({ ms: 3 }), lane({ ms: 1 }), lane()];
  const found = inOrder(schedule<number, number>(range(50), lanes, { batch: 3 }), (item) => item);
  const items: number[] = [];
  for await (const { item } of found) items.push(item);
  expect(items).toEqual(range(50));
});

test("finish() ends a computation whose step is refused", async () => {
  let ended = false;
  async function* steps() {
    try {
      yield await Promise.resolve(1);
      yield 2;
    } finally {
      ended = true;
    }
  }
  const refuse = () => {
    throw new Error("enough");
  };
  await expect(finish(steps(), refuse)).rejects.toThrow("enough");
  expect(ended).toBe(true);
});
