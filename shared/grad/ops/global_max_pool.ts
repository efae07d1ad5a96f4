import type { GradientRule } from "../gradient_scope.ts";

/** Y = the maximum over the spatial axes; dY goes to the first one in row-major order. */
export const globalMaxPoolGradient: GradientRule = ({ emit: e, dims, x, dy }) => {
  const [n, c, ...spatial] = dims(0);
  const area = spatial.reduce((a, b) => a * b, 1);
  const flat = e.reshape(x(0), [n, c, area]);
  const first = e.op("ArgMax", [flat], { axis: 2, keepdims: 1 });
  const places = e.ints(Array.from({ length: area }, (_, i) => i));
  const winner = e.equal(places, first);
  return [e.reshape(e.keepWhere(winner, e.reshape(dy(), [n, c, 1])), dims(0))];
};
