import type { ErrorKind, KnownError } from "../errors.ts";
import { printable } from "../printable.ts";

/** A network that cannot be loaded or run; the message names what is wrong with it. */
export class RuntimeError extends Error implements KnownError {
  override readonly name = "RuntimeError";

  /** @param kind "unsupported-operator", "out-of-memory" or "unusable-network". */
  constructor(
    message: string,
    readonly kind: ErrorKind = "unusable-network",
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** What ONNX Runtime says, how to say it in one line, and its kind if it is a special one. */
const KNOWN: readonly (readonly [
  pattern: RegExp,
  say: (match: RegExpMatchArray) => string,
  kind?: ErrorKind,
])[] = [
  [
    /No Op registered for (\S+) with domain_version of (\d+)/,
    ([, operator, opset]) => `operator ${operator} is not part of opset ${opset}`,
    "unsupported-operator",
  ],
  [
    /Could not find an implementation for (\S+?)\((\d+)\) node with name '([^']*)'/,
    ([, operator, version, node]) =>
      `operator ${operator} (version ${version}) of node "${node}" is not supported here`,
    "unsupported-operator",
  ],
  [
    /(\S+)\(-?\d+\) is not a registered function\/op/,
    ([, operator]) => `operator ${operator} is not known; only standard ONNX operators are`,
    "unsupported-operator",
  ],
  [
    /\[(?:Shape|Type)InferenceError\]\s*(.+)/s,
    ([, detail]) => `its shapes do not fit together (${detail})`,
  ],
  [/protobuf parsing failed/, () => "it is not an ONNX file, or a damaged one"],
  [
    /Unsupported model IR version: (\d+), max supported IR version: (\d+)/,
    ([, version, newest]) => `its file version is ${version}, and at most ${newest} can be read`,
  ],
  [
    /Non-zero status code returned while running (\S+) node\. Name:'([^']*)' Status Message: (.+)/s,
    ([, operator, node, detail]) => `${operator} "${node}" fails: ${withoutSource(detail)}`,
  ],
  [
    /bad_alloc|out of memory|memory access out of bounds|Aborted\(OOM\)/i,
    () => "out of memory",
    "out-of-memory",
  ],
];

/** Without the code, source position and signature that ONNX Runtime puts before its sentence. */
const withoutSource = (text: string) =>
  text.replace(/^\/\S+?:\d+ .*?\) (?=\S+ )/s, "")
    .replace(/^\[ONNXRuntimeError\] : \d+ : [A-Z_]+ : /, "");

/**
 * ONNX Runtime's error as one line that begins with `Cannot <action>`.
 *
 * @param action What was being done: "load the network".
 */
export function translateOrtError(action: string, error: unknown): RuntimeError {
  const raw = error instanceof Error ? error.message : String(error);
  const [pattern, say, kind] = KNOWN.find(([pattern]) => pattern.test(raw)) ?? [];
  const text = pattern && say
    ? say(raw.match(pattern)!)
    : withoutSource(raw.replace(/^.*?ERROR_MESSAGE: /s, ""));
  const line = `Cannot ${action}: ${text.trim().replaceAll(/\s+/g, " ")}`;
  return new RuntimeError(printable(line), kind, { cause: error });
}
