import { expect, test } from "vitest";
import { JobGate } from "./job_gate.ts";
import { ProblemError } from "../problems.ts";

const problemOf = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    if (error instanceof ProblemError) return error.problem;
  }
};

test("JobGate sends a client away that has enough, and lets it in again afterwards", () => {
  const gate = new JobGate({ jobs: 9, clientJobs: 2 });
  const leave = gate.enter("a");
  gate.enter("a");
  expect(problemOf(() => gate.enter("a"))).toMatchObject({ status: 429, retryAfter: 5 });
  gate.enter("b");
  leave();
  gate.enter("a");
});

test("JobGate sends everybody away when it is full", () => {
  const gate = new JobGate({ jobs: 2, clientJobs: 2 });
  const leave = gate.enter("a");
  gate.enter("b");
  expect(problemOf(() => gate.enter("c"))).toMatchObject({ status: 503, retryAfter: 5 });
  leave();
  gate.enter("c");
});
