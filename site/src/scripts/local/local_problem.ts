import { type Problem, problem, PROBLEMS } from "../../../../shared/api/mod.ts";
import { OpenError } from "./open_error.ts";

/** What browsers say when they have no more memory for an array. */
const NO_MEMORY = /allocation failed|out of memory|invalid array length/i;

/** An error of this browser, said as the functions say theirs. */
export function localProblem(error: unknown): Pick<Problem, "title" | "detail"> {
  if (error instanceof OpenError) return error.problem;
  const detail = error instanceof Error ? error.message : String(error);
  if (error instanceof RangeError && NO_MEMORY.test(detail)) {
    return problem("out-of-memory", `${detail}; close other pages, or use the server`);
  }
  const { kind } = Object(error) as { kind?: unknown };
  return typeof kind === "string" && Object.hasOwn(PROBLEMS, kind)
    ? problem(kind as keyof typeof PROBLEMS, detail)
    : { title: "This browser could not do it", detail };
}
