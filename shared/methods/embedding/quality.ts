/** How well neighbours in the plane are neighbours in the features, and the other way round. */
export interface Faithfulness {
  /** Neighbours that are compared. */
  readonly k: number;
  /** 1 if nothing that is near in the plane was far in the features. */
  readonly trustworthiness: number;
  /** 1 if nothing that was near in the features is far in the plane. */
  readonly continuity: number;
}

/**
 * Trustworthiness and continuity.
 *
 * @param byFeatures For each row, the others from near to far by their features.
 * @param inPlane The same by their points.
 * @param k Neighbours; less where there are no more than twice as many rows.
 * @see Venna and Kaski, "Neighborhood preservation in nonlinear projection methods", 2001
 */
export function faithfulness(
  byFeatures: readonly Int32Array[],
  inPlane: readonly Int32Array[],
  k: number,
): Faithfulness {
  const used = Math.min(k, Math.ceil(byFeatures.length / 2) - 1);
  return {
    k: used,
    trustworthiness: 1 - penalty(byFeatures, inPlane, used),
    continuity: 1 - penalty(inPlane, byFeatures, used),
  };
}

/** By how much the neighbours in `seen` are too far down in the lists of `truth`; 0 to 1. */
function penalty(truth: readonly Int32Array[], seen: readonly Int32Array[], k: number): number {
  const rows = truth.length;
  const rank = new Int32Array(rows);
  let sum = 0;
  for (let i = 0; i < rows; i++) {
    truth[i].forEach((other, at) => rank[other] = at + 1);
    for (const other of seen[i].subarray(0, k)) sum += Math.max(0, rank[other] - k);
  }
  return 2 * sum / (rows * k * (2 * rows - 3 * k - 1));
}

/**
 * Share of rows whose `k` nearest others have, most often, the row's own label; of labels as often,
 * that of the nearest counts.
 *
 * @param neighbours For each row, the others from near to far.
 */
export function labelAccuracy(
  neighbours: readonly Int32Array[],
  labels: readonly string[],
  k: number,
): number {
  const hits = neighbours.filter((list, i) => {
    const counts = new Map<string, number>();
    for (const other of list.subarray(0, k)) {
      counts.set(labels[other], (counts.get(labels[other]) ?? 0) + 1);
    }
    const most = Math.max(...counts.values());
    return [...counts].find(([, count]) => count === most)![0] === labels[i];
  });
  return hits.length / neighbours.length;
}
