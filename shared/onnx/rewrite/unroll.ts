import { float32 } from "../../tensor/tensor.ts";
import { own } from "../edit.ts";
import type { SpellOut, SpellScope } from "./spell_out.ts";

/** Steps of a sequence that are written out; each takes some ten nodes, and more of its gradient. */
const MAX_STEPS = 256;

/** What a cell reads in one step: x W + b, [1, B, gates * H], its state, and the recurrent weights. */
interface Step {
  readonly input: string;
  /** The hidden state, and what else the cell remembers, [1, B, H] each. */
  readonly state: readonly string[];
  /** [H, gates * H] */
  readonly recurrent: string;
  /** [gates * H], or undefined where there is none. */
  readonly bias: string | undefined;
  readonly hidden: number;
}

interface Cell {
  readonly gates: number;
  /** Default activations, which are the only ones that are written out. */
  readonly activations: readonly string[];
  /** How many tensors it remembers. */
  readonly states: number;
  /** The state behind a step. */
  next(scope: SpellScope, step: Step): readonly string[];
}

const op = (scope: SpellScope, opType: string, ...inputs: readonly string[]) =>
  scope.op(opType, inputs);

/** Gate `i` of all, along the last axis of a tensor of `rank` axes. */
const gate = (scope: SpellScope, x: string, hidden: number, from: number, count = 1, axis = 2) =>
  scope.op("Slice", [
    x,
    scope.ints([from * hidden]),
    scope.ints([(from + count) * hidden]),
    scope.ints([axis]),
  ]);

const plus = (scope: SpellScope, x: string, bias: string | undefined) =>
  bias ? op(scope, "Add", x, bias) : x;

/** x W + b + h R + b' */
const summed = (scope: SpellScope, { input, state, recurrent, bias }: Step) =>
  plus(scope, op(scope, "Add", input, op(scope, "MatMul", state[0], recurrent)), bias);

/** @see Hochreiter and Schmidhuber, "Long Short-Term Memory", Neural Computation 1997 */
const LSTM: Cell = {
  gates: 4,
  activations: ["sigmoid", "tanh", "tanh"],
  states: 2,
  next(scope, step) {
    const all = summed(scope, step);
    const opened = op(scope, "Sigmoid", gate(scope, all, step.hidden, 0, 3));
    const [i, o, f] = [0, 1, 2].map((at) => gate(scope, opened, step.hidden, at));
    const made = op(scope, "Tanh", gate(scope, all, step.hidden, 3));
    const kept = op(scope, "Mul", f, step.state[1]);
    const c = op(scope, "Add", kept, op(scope, "Mul", i, made));
    return [op(scope, "Mul", o, op(scope, "Tanh", c)), c];
  },
};

/** @see Cho et al., "Learning Phrase Representations using RNN Encoder-Decoder", EMNLP 2014 */
const GRU: Cell = {
  gates: 3,
  activations: ["sigmoid", "tanh"],
  states: 1,
  next(scope, { input, state: [h], recurrent, bias, hidden }) {
    const part = (x: string, from: number, count: number, axis: number) =>
      gate(scope, x, hidden, from, count, axis);
    const [matrices, last] = [part(recurrent, 0, 2, 1), part(recurrent, 2, 1, 1)];
    const [shift, lastShift] = bias
      ? [part(bias, 0, 2, 0), part(bias, 2, 1, 0)]
      : [undefined, undefined];
    const open = op(scope, "Add", part(input, 0, 2, 2), op(scope, "MatMul", h, matrices));
    const opened = op(scope, "Sigmoid", plus(scope, open, shift));
    const [z, r] = [0, 1].map((at) => part(opened, at, 1, 2));
    const isLate = scope.attributes.int("linear_before_reset", 0) !== 0;
    const product = isLate
      ? op(scope, "Mul", r, plus(scope, op(scope, "MatMul", h, last), lastShift))
      : plus(scope, op(scope, "MatMul", op(scope, "Mul", r, h), last), lastShift);
    const made = op(scope, "Tanh", op(scope, "Add", part(input, 2, 1, 2), product));
    // z h + (1 - z) made
    return [op(scope, "Add", made, op(scope, "Mul", z, op(scope, "Sub", h, made)))];
  },
};

const RNN: Cell = {
  gates: 1,
  activations: ["tanh"],
  states: 1,
  next: (scope, step) => [op(scope, "Tanh", summed(scope, step))],
};

/** Ways of going through a sequence, by the attribute `direction`: whether from the end. */
const DIRECTIONS: Readonly<Record<string, readonly boolean[]>> = {
  forward: [false],
  reverse: [true],
  bidirectional: [false, true],
};

/** Whether a node is only what its cell is by default. */
function isPlain({ node, attributes }: SpellScope, { activations }: Cell, ways: number): boolean {
  const stated = node.attribute.find(({ name }) => name === "activations")?.strings
    .map((text) => new TextDecoder().decode(text).toLowerCase());
  const expected = Array.from({ length: ways }, () => activations).flat();
  const isDefault = !stated || `${stated}` === `${expected}`;
  // Lengths of sequences, and peepholes.
  return isDefault && !node.input[4] && !node.input[7] && attributes.int("layout", 0) === 0 &&
    attributes.int("input_forget", 0) === 0 && !attributes.has("clip");
}

/** A recurrent layer step by step, forward, backward or both. */
const unrolled = (cell: Cell): SpellOut => (scope) => {
  const { node, attributes } = scope;
  const [x, w, r, b = ""] = node.input;
  const [input, weights] = [scope.dims(0), scope.dims(1)];
  const ways = own(DIRECTIONS, attributes.string("direction", "forward"));
  if (!input || !weights || !ways || !isPlain(scope, cell, ways.length)) return;
  const [steps, batch] = input;
  if (steps * ways.length > MAX_STEPS || steps === 0) return;
  const hidden = weights[1] / cell.gates;
  const results = ways.map((isBackward, way) => {
    // [1, ...] of this way, without the axis of ways.
    const ownWay = (name: string) =>
      op(
        scope,
        "Squeeze",
        op(scope, "Slice", name, scope.ints([way]), scope.ints([way + 1]), scope.ints([0])),
        scope.ints([0]),
      );
    const shifts = b ? [0, 1].map((i) => gate(scope, ownWay(b), weights[1], i, 1, 0)) : [];
    const turned = (name: string) => scope.op("Transpose", [ownWay(name)], { perm: [1, 0] });
    const read = plus(scope, op(scope, "MatMul", x, turned(w)), shifts[0]);
    const parts = scope.ops(
      "Split",
      [read, scope.ints(new Array<number>(steps).fill(1))],
      Array.from(
        { length: steps },
        (_, i) => `${node.output.find((name) => name)}/way_${way}_${i}`,
      ),
    );
    const recurrent = turned(r);
    const zeros = scope.constant(
      float32(new Float32Array(batch * hidden), [1, batch, hidden]),
    );
    let state: readonly string[] = Array.from({ length: cell.states }, (_, i) => {
      const given = node.input[5 + i];
      if (!given) return zeros;
      return op(scope, "Slice", given, scope.ints([way]), scope.ints([way + 1]), scope.ints([0]));
    });
    const made = new Array<string>(steps);
    for (let i = 0; i < steps; i++) {
      const at = isBackward ? steps - 1 - i : i;
      const step = { input: parts[at], state, recurrent, bias: shifts[1], hidden };
      state = cell.next(scope, step);
      made[at] = state[0];
    }
    return { state, all: scope.op("Concat", made, { axis: 0 }) };
  });
  const [all, ...states] = node.output;
  if (all) {
    const ways = results.map((one) => op(scope, "Unsqueeze", one.all, scope.ints([1])));
    scope.op("Concat", ways, { axis: 1 }, all);
  }
  states.forEach((name, i) => {
    if (name) scope.op("Concat", results.map(({ state }) => state[i]), { axis: 0 }, name);
  });
  scope.drop();
};

export const lstm = unrolled(LSTM);
export const gru = unrolled(GRU);
export const rnn = unrolled(RNN);
