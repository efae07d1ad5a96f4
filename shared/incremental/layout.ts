import type { Fact } from "../onnx/mod.ts";
import { isGlobalMean } from "./global_mean.ts";
import type { Locality } from "./locality.ts";
import { isSameSpan, type Span } from "./span.ts";
import type { Positions, Trace, TracedNode } from "./trace_changes.ts";

/** A map's patch put into what surrounds it without the occluder. */
export interface Paste {
  readonly value: string;
  /** The part of the map that results, by position; may reach over its border. */
  readonly spans: Positions;
  /** What lies beyond the border. */
  readonly fill: number;
}

/** What a node reads: the patch as it is, a patch in its surroundings, or a whole tensor. */
export type Read = "patch" | Paste | "whole";

/** One traced node, and how it is computed. */
export interface LaidNode extends TracedNode {
  /** On patches; the others are computed as a whole, global means from the change of their sum. */
  readonly local?: Locality;
  /** What it reads of each changing input. */
  readonly reads: ReadonlyMap<string, Read>;
  /** Whether it averages a map of which a patch is there. */
  readonly isMean: boolean;
}

/** Which nodes are computed on patches. */
export interface Layout {
  readonly nodes: readonly LaidNode[];
  /** Every paste once. */
  readonly pastes: readonly Paste[];
  /** Values that are there as patches only. */
  readonly patches: ReadonlySet<string>;
  /** The outputs that had to be pasted, as whole maps. */
  readonly outputs: ReadonlyMap<string, Paste>;
}

/**
 * Lays out the work: nodes for which `isLocal` holds are computed on patches where they can be, and
 * a node behind a whole map as a whole.
 *
 * @param wholes Outputs that are needed as whole tensors.
 */
export function layOut(
  trace: Trace,
  facts: ReadonlyMap<string, Fact>,
  input: string,
  wholes: readonly string[],
  isLocal: (node: TracedNode) => boolean,
): Layout {
  const patches = new Set([input]);
  const pastes = new Map<string, Paste>();
  const paste = (value: string, spans: Positions, fill: number): Paste => {
    const key = JSON.stringify([value, fill, spans]);
    const found = pastes.get(key) ?? { value, spans, fill };
    pastes.set(key, found);
    return found;
  };
  const wholePaste = (value: string) => {
    const { dims } = facts.get(value)!;
    const all = ([0, 1] as const).map((axis) =>
      trace.changes.get(value)![axis].map(() => ({ start: 0, size: dims[axis + 2] }))
    );
    return paste(value, [all[0], all[1]], 0);
  };
  const nodes = trace.nodes.map((traced): LaidNode => {
    const { node, changed, locality } = traced;
    const canBeLocal = typeof locality !== "string" && changed.every((name) => patches.has(name));
    if (canBeLocal && isLocal(traced)) {
      const output = trace.changes.get(node.output[0])!;
      const reads = new Map<string, Read>();
      for (const name of changed) {
        const input = trace.changes.get(name)!;
        const spans = readsOf(locality, output, input);
        const isPatch = ([0, 1] as const).every((axis) =>
          spans[axis].every((span, at) => isSameSpan(span, input[axis][at]))
        );
        reads.set(name, isPatch ? "patch" : paste(name, spans, locality.fill));
      }
      patches.add(node.output[0]);
      return { ...traced, local: locality, reads, isMean: false };
    }
    const isMean = isGlobalMean(node, facts) && changed.every((name) => patches.has(name));
    const reads = new Map<string, Read>();
    for (const name of changed) {
      reads.set(name, !patches.has(name) ? "whole" : isMean ? "patch" : wholePaste(name));
    }
    return { ...traced, reads, isMean };
  });
  const outputs = new Map(
    wholes.filter((name) => patches.has(name)).map((name) => [name, wholePaste(name)]),
  );
  return { nodes, pastes: [...pastes.values()], patches, outputs };
}

function readsOf(locality: Locality, output: Positions, input: Positions): Positions {
  const spans = ([0, 1] as const).map((axis) =>
    output[axis].map((span: Span, at) => locality.reads(axis, span, input[axis][at]))
  );
  return [spans[0], spans[1]];
}
