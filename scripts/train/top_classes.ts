/** Index of the highest score; the first of equal ones. */
export function topClass(scores: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < scores.length; i++) if (scores[i] > scores[best]) best = i;
  return best;
}

/** How many scores are higher than that of `index`: 0 for the highest. */
export function rankOf(index: number, scores: ArrayLike<number>): number {
  let rank = 0;
  for (let i = 0; i < scores.length; i++) if (scores[i] > scores[index]) rank++;
  return rank;
}
