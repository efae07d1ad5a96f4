import { PROBLEMS } from "../../shared/api/mod.ts";

/** Whether an error is one that a person is told: any other is a fault of the project. */
export function isExpected(error: unknown): boolean {
  return error instanceof Error && "kind" in error && typeof error.kind === "string" &&
    Object.hasOwn(PROBLEMS, error.kind) && error.kind !== "internal";
}
