import type { Matrix } from "./matrix.ts";

const EXAGGERATION = 12;
/** Steps with exaggerated attraction and little momentum. */
const EARLY = 250;
const MOMENTUM = { early: 0.5, late: 0.8 };
const LEAST_RATE = 50;
const LEAST_GAIN = 0.01;
/** Spread of the points at the start. */
const START = 1e-4;
/** Affinities are never less, so that their logarithm is finite. */
const LEAST = 1e-12;

export interface TsneOptions {
  readonly perplexity: number;
  readonly iterations: number;
  /** [rows, 2]; only its shape counts, its size does not. */
  readonly start: Matrix;
}

export interface TsneResult {
  /** [rows, 2] */
  readonly points: Matrix;
  /** Kullback-Leibler divergence of the affinities in the plane from those of the features. */
  readonly divergence: number;
}

/**
 * t-SNE, exact: all pairs attract and repel. Yields the points, the same array, after each step. Early exaggeration 12 for 250 steps, momentum 0.5 then
 * 0.8, rate max(rows / 48, 50), as scikit-learn has them.
 *
 * @param distances Squared distances of all features from each other.
 * @see van der Maaten and Hinton, "Visualizing Data using t-SNE", JMLR 2008
 */
export function* tsne(
  distances: Matrix,
  options: TsneOptions,
): Generator<Matrix, TsneResult, void> {
  const { rows } = distances;
  const affinities = jointAffinities(distances, options.perplexity);
  const y = scaledStart(options.start);
  const points: Matrix = { rows, columns: 2, data: y };
  const speed = new Float64Array(2 * rows);
  const gains = new Float64Array(2 * rows).fill(1);
  const rate = Math.max(rows / EXAGGERATION / 4, LEAST_RATE);
  for (let step = 0; step < options.iterations; step++) {
    const isEarly = step < Math.min(EARLY, options.iterations / 2);
    const gradient = gradientOf(affinities, y, isEarly ? EXAGGERATION : 1);
    const momentum = isEarly ? MOMENTUM.early : MOMENTUM.late;
    for (let i = 0; i < y.length; i++) {
      const isSteady = speed[i] * gradient[i] < 0;
      gains[i] = Math.max(LEAST_GAIN, isSteady ? gains[i] + 0.2 : gains[i] * 0.8);
      speed[i] = momentum * speed[i] - rate * gains[i] * gradient[i];
      y[i] += speed[i];
    }
    yield points;
  }
  return { points, divergence: divergenceOf(affinities, y) };
}

/** The start at a spread of `START` along its first axis. */
function scaledStart({ data, rows }: Matrix): Float64Array {
  let variance = 0;
  for (let i = 0; i < rows; i++) variance += data[2 * i] ** 2 / rows;
  const scale = variance > 0 ? START / Math.sqrt(variance) : 0;
  return data.map((value) => value * scale);
}

/** Symmetric affinities of all pairs; they sum to 1. */
export function jointAffinities({ rows, data }: Matrix, perplexity: number): Float64Array {
  const conditional = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i++) {
    const row = data.subarray(i * rows, (i + 1) * rows);
    conditional.set(conditionalAffinities(row, i, Math.log(perplexity)), i * rows);
  }
  const joint = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < rows; j++) {
      const both = conditional[i * rows + j] + conditional[j * rows + i];
      joint[i * rows + j] = i === j ? 0 : Math.max(both / (2 * rows), LEAST);
    }
  }
  return joint;
}

/** Gaussian affinities of one image's features to the others, as wide as gives them the wanted entropy. */
function conditionalAffinities(
  distances: Float64Array,
  self: number,
  entropy: number,
): Float64Array {
  const p = new Float64Array(distances.length);
  const nearest = distances.reduce((a, b, j) => j === self ? a : Math.min(a, b), Infinity);
  let [low, high, beta] = [0, Infinity, 1];
  for (let step = 0; step < 100; step++) {
    let [sum, weighted] = [0, 0];
    for (let j = 0; j < p.length; j++) {
      if (j === self) continue;
      p[j] = Math.exp(-beta * (distances[j] - nearest));
      sum += p[j];
      weighted += p[j] * (distances[j] - nearest);
    }
    for (let j = 0; j < p.length; j++) p[j] /= sum;
    const excess = Math.log(sum) + beta * weighted / sum - entropy;
    if (Math.abs(excess) < 1e-7) break;
    if (excess > 0) low = beta;
    else high = beta;
    beta = high === Infinity ? beta * 2 : (low + high) / 2;
  }
  return p;
}

/** By how much the divergence changes with each coordinate; attraction times `factor`. */
export function gradientOf(
  affinities: Float64Array,
  y: Float64Array,
  factor: number,
): Float64Array {
  const rows = y.length / 2;
  const attraction = new Float64Array(y.length);
  const repulsion = new Float64Array(y.length);
  let total = 0;
  for (let i = 0; i < rows; i++) {
    const [yx, yy] = [y[2 * i], y[2 * i + 1]];
    let [ax, ay, rx, ry] = [0, 0, 0, 0];
    for (let j = 0; j < i; j++) {
      const dx = yx - y[2 * j];
      const dy = yy - y[2 * j + 1];
      const near = 1 / (1 + dx * dx + dy * dy);
      total += 2 * near;
      const pull = affinities[i * rows + j] * near;
      const push = near * near;
      ax += pull * dx;
      ay += pull * dy;
      rx += push * dx;
      ry += push * dy;
      attraction[2 * j] -= pull * dx;
      attraction[2 * j + 1] -= pull * dy;
      repulsion[2 * j] -= push * dx;
      repulsion[2 * j + 1] -= push * dy;
    }
    attraction[2 * i] += ax;
    attraction[2 * i + 1] += ay;
    repulsion[2 * i] += rx;
    repulsion[2 * i + 1] += ry;
  }
  return attraction.map((value, i) => 4 * (factor * value - repulsion[i] / total));
}

/** Kullback-Leibler divergence of the affinities of points in the plane from `affinities`. */
export function divergenceOf(affinities: Float64Array, y: Float64Array): number {
  const rows = y.length / 2;
  const near = (i: number, j: number) =>
    1 / (1 + (y[2 * i] - y[2 * j]) ** 2 + (y[2 * i + 1] - y[2 * j + 1]) ** 2);
  let total = 0;
  for (let i = 0; i < rows; i++) for (let j = 0; j < i; j++) total += 2 * near(i, j);
  let sum = 0;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < rows; j++) {
      const p = affinities[i * rows + j];
      if (i !== j) sum += p * Math.log(p / Math.max(near(i, j) / total, LEAST));
    }
  }
  return sum;
}
