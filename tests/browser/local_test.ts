import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { mapValues, type RunResult } from "../../shared/api/mod.ts";
import { form, noisePng } from "../http/requests.ts";
import { noBrowser } from "./served_site.ts";
import { type OpenHarness, openHarness, plainFile, runIn } from "./local/open_harness.ts";
import { watchComplaints } from "./watch_complaints.ts";

const IMAGE = plainFile("noise.png", noisePng(24));
const SMALL_STEPS = { model: "tiny", window: "6", stride: "2" };

let harness: OpenHarness;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  if (!noBrowser) harness = await openHarness({ TINY_WORK: "2" });
});

afterAll(() => harness?.[Symbol.asyncDispose]());

beforeEach(async () => {
  if (noBrowser) return;
  page = await harness.newPage();
  complaints = watchComplaints(page);
});

afterEach(() => page?.close());

test.skipIf(noBrowser)("two threads of a page give the same bits as one", async () => {
  const one = await runIn(page, "occlusion", { ...SMALL_STEPS, threads: "1" }, IMAGE);
  const two = await runIn(page, "occlusion", { ...SMALL_STEPS, threads: "2" }, IMAGE);
  expect(two.arrays).toEqual(one.arrays);
  expect(two.arrays).toEqual(await arraysOfServer());
  const threads = [one, two].map(({ events: [first] }) => first.type === "start" && first.threads);
  expect(threads).toEqual([1, 2]);
  expect(complaints).toEqual([]);
});

/** The same map's arrays, computed by the functions. */
async function arraysOfServer(): Promise<Readonly<Record<string, string>>> {
  const body = form({ ...SMALL_STEPS, image: new Blob([noisePng(24)]) });
  const answer = await fetch(`${harness.server.origin}/api/occlusion`, { method: "POST", body });
  const { arrays }: RunResult = await answer.json();
  return mapValues(arrays, ({ url }) => url.split(",")[1]);
}

test.skipIf(noBrowser)("an occlusion map fills in while it is computed", async () => {
  const { events } = await runIn(page, "occlusion", SMALL_STEPS, IMAGE);
  const [start] = events;
  expect(start).toMatchObject({ type: "start", occlusion: { rows: 10, columns: 10 } });
  const positions = events.flatMap((event) =>
    event.type === "progress" ? event.occlusion?.positions ?? [] : []
  );
  expect(positions.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
});

test.skipIf(noBrowser)(
  "a job that is not wanted any more ends, and the next one runs",
  async () => {
    const workers = () => page.workers().length;
    const aborted = await page.evaluate(
      ([fields, image]) => globalThis.harness.run("occlusion", fields, image, 3),
      [SMALL_STEPS, IMAGE] as const,
    );
    expect(aborted).toBe("aborted by the test");
    const before = workers();
    const { result } = await runIn(page, "classify", { model: "tiny" }, IMAGE);
    expect(result.method).toBe("classify");
    // The network did not have to be loaded again.
    expect(workers()).toBe(before);
    expect(complaints).toEqual([]);
  },
);

test.skipIf(noBrowser)("segment runs in a page whose policy forbids code from text", async () => {
  const fields = { image: new Blob([noisePng(24)]), window: undefined, stride: undefined };
  const answer = await fetch(`${harness.server.origin}/api/segment`, {
    method: "POST",
    body: form(fields),
  });
  const onServer: RunResult = await answer.json();
  const { result } = await runIn(page, "segment", { model: "tiny" }, IMAGE);
  expect(result.measures).toEqual(onServer.measures);
  const policies = await Promise.all(
    page.workers().map(async (worker) => {
      const { headers } = await fetch(worker.url());
      const policy = headers.get("content-security-policy")!;
      return [/cut_worker/.test(worker.url()), / 'unsafe-eval'/.test(policy)];
    }),
  );
  expect(policies).toContainEqual([true, true]);
  expect(policies.every(([isCut, mayEvaluate]) => isCut === mayEvaluate)).toBe(true);
  expect(complaints).toEqual([]);
});
