import { type Problem, problem, type ProblemExtras, type ProblemKind } from "../shared/api/mod.ts";

/** An error that a client is told about as it is. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly problem: Problem;

  constructor(
    readonly kind: ProblemKind,
    detail: string,
    extras: ProblemExtras & { readonly cause?: unknown } = {},
  ) {
    const { cause, ...rest } = extras;
    super(detail, { cause });
    this.problem = problem(kind, detail, rest);
  }
}
