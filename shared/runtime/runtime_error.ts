import { printable } from "../printable.ts";

/** A network that cannot be loaded or run; the message names what is wrong with it. */
export class RuntimeError extends Error {
  override readonly name = "RuntimeError";
}

/** What ONNX Runtime says, and how to say it in one line. */
const KNOWN: readonly (readonly [RegExp, (match: RegExpMatchArray) => string])[] = [
  [
    /No Op registered for (\S+) with domain_version of (\d+)/,
    ([, operator, opset]) => `operator ${operator} is not part of opset ${opset}`,
  ],
  [
    /Could not find an implementation for (\S+?)\((\d+)\) node with name '([^']*)'/,
    ([, operator, version, node]) =>
      `operator ${operator} (version ${version}) of node "${node}" is not supported here`,
  ],
  [
    /(\S+)\(-?\d+\) is not a registered function\/op/,
    ([, operator]) => `operator ${operator} is not known; only standard ONNX operators are`,
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
    () => "the memory of this process is not enough",
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
  let text: string | undefined;
  for (const [pattern, say] of KNOWN) {
    const match = raw.match(pattern);
    if (match) {
      text = say(match);
      break;
    }
  }
  text ??= withoutSource(raw.replace(/^.*?ERROR_MESSAGE: /s, ""));
  const line = `Cannot ${action}: ${text.trim().replaceAll(/\s+/g, " ")}`;
  return new RuntimeError(printable(line), { cause: error });
}
