/** Gaussians in a mixture, as OpenCV's GrabCut has them. */
const COMPONENTS = 5;

/** Rounds of k-means that divide the colours. */
const ROUNDS = 10;

/** Added to each variance, in squared levels, so that a flat colour has a Gaussian too. */
const LEAST_VARIANCE = 0.01;

type Rgb = readonly [number, number, number];

/**
 * A mixture of five Gaussians for a set of colours, as GrabCut keeps it: 5 weights, 5 means of 3, 5
 * covariances of 9. OpenCV would begin with k-means from random centres, which depend on what it did
 * before; this one begins with the colours in order of brightness, so that the same colours always
 * give the same mixture.
 */
export function colorMixture(colors: readonly Rgb[]): number[] {
  const groups = divide(colors);
  const weights = groups.map((group) => group.length / colors.length);
  const means = groups.map(meanOf);
  const covariances = groups.map((group, i) => covarianceOf(group, means[i]));
  return [...weights, ...means.flat(), ...covariances.flat()];
}

function divide(colors: readonly Rgb[]): Rgb[][] {
  const sorted = colors.toSorted((a, b) => brightness(a) - brightness(b));
  const at = (i: number) => Math.floor(i * sorted.length / COMPONENTS);
  let groups = Array.from({ length: COMPONENTS }, (_, i) => sorted.slice(at(i), at(i + 1)));
  for (let round = 0; round < ROUNDS; round++) {
    const centres = groups.map(meanOf);
    const next: Rgb[][] = centres.map(() => []);
    for (const color of sorted) next[nearest(color, centres)].push(color);
    groups = next;
  }
  return groups;
}

const brightness = ([red, green, blue]: Rgb) => red + green + blue;

function nearest(color: Rgb, centres: readonly Rgb[]): number {
  const distances = centres.map((centre) =>
    centre.reduce((sum, value, c) => sum + (value - color[c]) ** 2, 0)
  );
  return distances.indexOf(Math.min(...distances));
}

/** Of no colours: far from all, so that none is drawn to it. */
function meanOf(group: readonly Rgb[]): Rgb {
  if (group.length === 0) return [-1000, -1000, -1000];
  const sum = (channel: number) => group.reduce((total, color) => total + color[channel], 0);
  return [sum(0) / group.length, sum(1) / group.length, sum(2) / group.length];
}

/** Row by row. */
function covarianceOf(group: readonly Rgb[], mean: Rgb): number[] {
  return [0, 1, 2].flatMap((a) =>
    [0, 1, 2].map((b) => {
      const sum = group.reduce(
        (total, color) => total + (color[a] - mean[a]) * (color[b] - mean[b]),
        0,
      );
      return sum / Math.max(1, group.length) + (a === b ? LEAST_VARIANCE : 0);
    })
  );
}
