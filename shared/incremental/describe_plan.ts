import { positionCount, totalArea, totalSize, wholeMultiplyAdds } from "./cost.ts";
import type { IncrementalPlan, MultiplyAdds } from "./plan_incremental.ts";

/** A plan for a person: plain JSON. */
export type PlanDescription = Pick<IncrementalPlan, "speedup" | "breakEven"> & {
  readonly multiplyAdds: { readonly [Kind in keyof MultiplyAdds]: number };
  /** The convolutions, pools and products, in running order. */
  readonly rows: readonly PlanRow[];
};

/** One node of a plan; a type, not an interface, so that it counts as JSON. */
export type PlanRow = {
  readonly tensor: string;
  readonly operator: string;
  /** Rows and columns of the map; null where it is none. */
  readonly map: readonly [number, number] | null;
  /** Rows and columns that change, the mean over all positions; null where all do. */
  readonly changes: readonly [number, number] | null;
  /** Multiply-adds of the whole node. */
  readonly multiplyAdds: number;
  /** Multiply-adds for one position, the mean over all. */
  readonly planned: number;
  readonly computed: "patch" | "whole";
  /** Why the node cannot be computed in part, if so. */
  readonly reason: string | null;
};

/** What a plan computes, and why. */
export function describePlan(plan: IncrementalPlan): PlanDescription {
  const { layout, facts, trace, speedup, breakEven, multiplyAdds } = plan;
  const rows = layout.nodes.flatMap((laid): PlanRow[] => {
    const { node, locality, local } = laid;
    const whole = wholeMultiplyAdds(laid, facts);
    if (whole === 0 && !/Pool/.test(node.opType ?? "")) return [];
    const [tensor] = node.output;
    const dims = facts.get(tensor)?.dims ?? [];
    const positions = trace.changes.get(tensor);
    const mean = (axis: 0 | 1) => totalSize(positions![axis]) / positions![axis].length;
    const share = positions &&
      totalArea(positions) / (positionCount(positions) * dims[2] * dims[3]);
    return [{
      tensor,
      operator: node.opType ?? "",
      map: dims.length === 4 ? [dims[2], dims[3]] : null,
      changes: positions ? [rounded(mean(0)), rounded(mean(1))] : null,
      multiplyAdds: whole,
      planned: local ? Math.round(whole * (share ?? 1)) : whole,
      computed: local ? "patch" : "whole",
      reason: typeof locality === "string" ? locality : null,
    }];
  });
  const { full, incremental, bound } = multiplyAdds;
  return {
    speedup: rounded(speedup),
    breakEven: rounded(breakEven),
    multiplyAdds: {
      full: Math.round(full),
      incremental: Math.round(incremental),
      bound: Math.round(bound),
    },
    rows,
  };
}

const rounded = (value: number) => Math.round(1000 * value) / 1000;
