import type { GradientRow, GradientScope } from "../gradient_scope.ts";

/** The largest float32. */
const LARGEST = 3.4028234663852886e38;

/**
 * What a rectifier passes back under the chosen rule; see {@linkcode ReluRule}.
 *
 * @param plain Emits g f'(x) for a given g; not asked for when the rule does not use it.
 */
export function rectified(scope: GradientScope, plain: (g: string) => string): [string] {
  const { emit: e, reluRule } = scope;
  if (reluRule === "plain") return [plain(scope.dy())];
  const positive = e.relu(scope.dy());
  // max(0, g f') is max(0, g) f', since f' >= 0; so a runtime can fuse it into what made g.
  return [reluRule === "guided" ? plain(positive) : positive];
}

/** Y = max(0, X). Read from Y, so that a runtime may still fuse Relu into what comes before. */
const relu: GradientRow = {
  convention: "0 at X = 0",
  rule: (scope) => {
    const { emit: e } = scope;
    return rectified(scope, (g) => e.mul(g, e.op("Sign", [scope.y()])));
  },
};

/** The bounds of a Clip: infinite where there is none, NaN where it is not known. */
function boundsOf({ emit: e, has, x }: GradientScope): [low: number, high: number] {
  const known = (i: number, none: number) => has(i) ? e.known(x(i))?.[0] ?? NaN : none;
  const [low, high] = [known(1, -Infinity), known(2, Infinity)];
  // Exporters write the largest float for "none".
  return [low <= -LARGEST ? -Infinity : low, high >= LARGEST ? Infinity : high];
}

/** What the bounds of a Clip get: of each element, what was cut off at them. */
function boundGradients(scope: GradientScope): (string | null)[] {
  const { emit: e, has, wants, x, dy, dims } = scope;
  const summed = (i: number, cut: string) => e.reshape(e.sumTo(cut, []), dims(i));
  const low = () => {
    const below = e.keepWhere(e.less(x(0), x(1)), dy());
    return has(2) ? e.where(e.less(x(2), x(1)), e.scalar(0, dy()), below) : below;
  };
  const high = () => {
    const raised = has(1) ? e.op("Max", [x(0), x(1)]) : x(0);
    return e.keepWhere(e.less(x(2), raised), dy());
  };
  return [
    has(1) && wants(1) ? summed(1, low()) : null,
    has(2) && wants(2) ? summed(2, high()) : null,
  ];
}

/** Y = X limited to [min, max]; max where min is above it. */
const clip: GradientRow = {
  convention: "0 at X = min and X = max",
  rule: (scope) => {
    const { emit: e } = scope;
    const [dx] = rectified(scope, (g) => {
      const y = scope.y();
      const [low, high] = boundsOf(scope);
      if (low >= high || low === Infinity || high === -Infinity) return e.mul(g, e.scalar(0, y));
      const room = [
        ...low === -Infinity ? [] : [e.sub(y, scope.x(1))],
        ...high === Infinity ? [] : [e.sub(scope.x(2), y)],
      ];
      if (room.length === 0) return g;
      // The product of the distances is 0 where one is if the other is at least 1, and below what
      // float32 holds; it takes less time than the smaller of them.
      const range = high - low;
      const isWide = range >= 2 && range < Math.sqrt(LARGEST);
      // The distance to the nearer bound is 0 at a bound, where X was cut off.
      const nearer = room.reduce((a, b) => isWide ? e.mul(a, b) : e.op("Min", [a, b]));
      // Below 0 only if bounds are exchanged, which those that are known are not.
      const distance = room.length === 2 && Number.isNaN(range) ? e.relu(nearer) : nearer;
      return e.mul(g, e.op("Sign", [distance]));
    });
    return [dx, ...boundGradients(scope)];
  },
};

/** Y = X for X > 0, else slope X. */
function leaky(scope: GradientScope, slope: string): [string] {
  const { emit: e } = scope;
  const plain = (g: string) => {
    const positive = e.greater(scope.x(0), e.scalar(0, scope.x(0)));
    return e.where(positive, g, e.mul(g, slope));
  };
  // A slope may be negative, and then f' is: max(0, g f') is not max(0, g) f' there.
  return scope.reluRule === "guided" ? [e.relu(plain(scope.dy()))] : rectified(scope, plain);
}

const leakyRelu: GradientRow = {
  convention: "alpha at X = 0",
  rule: (scope) => {
    const alpha = scope.attributes.float("alpha", 0.01);
    return leaky(scope, scope.emit.scalar(alpha, scope.x(0)));
  },
};

const pRelu: GradientRow = {
  convention: "slope at X = 0",
  rule: (scope) => {
    const { emit: e } = scope;
    const [dx] = leaky(scope, scope.x(1));
    if (!scope.wants(1)) return [dx, null];
    const negative = e.op("Min", [scope.x(0), e.scalar(0, scope.x(0))]);
    return [dx, e.mul(scope.dy(), negative)];
  },
};

/** Y = X for X > 0, else scale (exp(X / width) - 1). */
function exponential(scope: GradientScope, scale: number, width: number, gain: number): [string] {
  const { emit: e } = scope;
  return rectified(scope, (g) => {
    const x = scope.x(0);
    const zero = e.scalar(0, x);
    // The exponent is kept from overflowing where its branch is not taken.
    const low = e.op("Min", [x, zero]);
    const curve = e.scale(e.op("Exp", [e.scale(low, 1 / width)]), gain * scale / width);
    const slope = e.where(e.greater(x, zero), e.scalar(gain, x), curve);
    return e.mul(g, slope);
  });
}

const elu: GradientRow = {
  convention: "alpha at X = 0",
  rule: (scope) => exponential(scope, scope.attributes.float("alpha", 1), 1, 1),
};

const celu: GradientRow = {
  convention: "1 at X = 0",
  rule: (scope) => {
    const alpha = scope.attributes.float("alpha", 1);
    return exponential(scope, alpha, alpha, 1);
  },
};

const selu: GradientRow = {
  convention: "alpha gamma at X = 0",
  rule: (scope) => {
    const alpha = scope.attributes.float("alpha", 1.6732632423543772);
    return exponential(scope, alpha, 1, scope.attributes.float("gamma", 1.0507009873554805));
  },
};

const thresholdedRelu: GradientRow = {
  convention: "0 at X = alpha",
  rule: (scope) => {
    const { emit: e } = scope;
    const alpha = e.scalar(scope.attributes.float("alpha", 1), scope.x(0));
    return rectified(scope, (g) => e.keepWhere(e.greater(scope.x(0), alpha), g));
  },
};

/** Y = X moved towards 0 by bias where |X| > lambd, else 0. */
const shrink: GradientRow = {
  convention: "0 at |X| = lambd",
  rule: (scope) => {
    const { emit: e } = scope;
    const x = scope.x(0);
    const bend = e.scalar(scope.attributes.float("lambd", 0.5), x);
    return rectified(scope, (g) => e.keepWhere(e.greater(e.op("Abs", [x]), bend), g));
  },
};

/** Y = log(1 + exp X). */
const softplus: GradientRow = {
  rule: (scope) =>
    rectified(scope, (g) => scope.emit.mul(g, scope.emit.op("Sigmoid", [scope.x(0)]))),
};

export const rectifierRules = {
  Celu: celu,
  Clip: clip,
  Elu: elu,
  LeakyRelu: leakyRelu,
  PRelu: pRelu,
  Relu: relu,
  Selu: selu,
  Shrink: shrink,
  Softplus: softplus,
  ThresholdedRelu: thresholdedRelu,
} as const satisfies Record<string, GradientRow>;
