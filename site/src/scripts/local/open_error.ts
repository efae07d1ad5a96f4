import { type Problem, problem, type ProblemKind } from "../../../../shared/api/mod.ts";

/** Why a network's files cannot be opened, and what kind of problem that is. */
const FAULTS = {
  "no-network": "network-missing",
  "several-networks": "invalid-options",
  "not-a-network": "unusable-network",
  "missing-external-data": "network-missing",
  "too-large": "too-large",
  "unsupported-operator": "unsupported-operator",
  "wrong-labels": "invalid-options",
  "wrong-preprocessing": "invalid-options",
  "not-kept": "not-found",
  "unreachable": "upstream",
} as const satisfies Readonly<Record<string, ProblemKind>>;

export type OpenFault = keyof typeof FAULTS;

/** Files that are no network which can be opened; the message is one sentence for a person. */
export class OpenError extends Error {
  override readonly name = "OpenError";

  /** @param missing Names of external data files that are not there. */
  constructor(
    readonly fault: OpenFault,
    message: string,
    readonly missing: readonly string[] = [],
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** As the functions would say it. */
  get problem(): Problem {
    return problem(FAULTS[this.fault], this.message);
  }
}
