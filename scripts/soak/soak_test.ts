import { expect, test } from "vitest";
import { answerOf } from "./answer_of.ts";
import { slopeOf } from "./memory_watch.ts";

const problem = (detail: string, status: number, job: string) =>
  new Response(JSON.stringify({ status, detail, job, milliseconds: Math.random() }));

test("slopeOf() is that of a line, and of few samples none", () => {
  const line = [0, 1, 2, 5].map((minutes) => ({ minutes, mib: 300 + 2.5 * minutes }));
  expect(slopeOf(line)).toBeCloseTo(2.5, 9);
  expect(slopeOf(line.slice(0, 2))).toBeUndefined();
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
