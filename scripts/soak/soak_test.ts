import { expect, test } from "vitest";
import { answerOf } from "./answer_of.ts";
import { growthOf } from "./memory_watch.ts";

const problem = (detail: string, status: number, job: string) =>
  new Response(JSON.stringify({ status, detail, job, milliseconds: Math.random() }));

test("growthOf() is that of the lows of each minute, and of few minutes none", () => {
  // Ten minutes, a sample every second, with garbage of up to 60 MiB that is collected again.
  const samples = Array.from({ length: 600 }, (_, i) => {
    const minutes = i / 60;
    return { minutes, mib: 300 + 2.5 * Math.floor(minutes) + (i % 20) * 3 };
  });
  const { perMinute, error } = growthOf(samples)!;
  expect(perMinute).toBeCloseTo(2.5, 9);
  expect(error).toBeCloseTo(0, 6);
  expect(growthOf(samples.slice(0, 120))).toBeUndefined();
});

test("growthOf() doubts what goes up and down", () => {
  const lows = [420, 470, 430, 465, 428, 472];
  const samples = lows.map((mib, minutes) => ({ minutes, mib }));
  const { perMinute, error } = growthOf(samples)!;
  // By hand: sums of products 84.5 and of squares 17.5, of squared residuals 2,447.486.
  expect(perMinute).toBeCloseTo(84.5 / 17.5, 6);
  expect(error).toBeCloseTo(Math.sqrt(2447.486 / 4 / 17.5), 4);
});

test("an answer is the same whatever its time and its job, and another if anything else differs", async () => {
  const first = await answerOf(problem("no", 422, "1"));
  const [same, other] = [problem("no", 422, "2"), problem("nay", 422, "1")].map(answerOf);
  expect((await same).digest).toBe(first.digest);
  expect((await other).digest).not.toBe(first.digest);
});

test("a problem's own status counts, and being sent away is no answer", async () => {
  expect(await answerOf(problem("busy", 503, "1"))).toMatchObject({ status: 503, isRefused: true });
});

test("a short soak finds nothing wrong", async () => {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["task", "soak", "--minutes", "0.2", "--serving", "three"],
  });
  const { code, stdout, stderr } = await command.output();
  const [text, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  expect(code, errors).toBe(0);
  expect(text).toMatch(/^wrong\s+0$/m);
});
