import { describe, expect, test } from "vitest";
import { brokenNetworks } from "../../tests/networks.ts";
import type { Backend } from "./backend.ts";
import { findNative } from "./native_build.ts";
import { RuntimeError, translateOrtError } from "./runtime_error.ts";
import { openSession } from "./session.ts";

const backends: Backend[] = ["wasm"];
if (typeof findNative() !== "string") backends.push("native");

describe.each(backends)("on %s", (backend) => {
  test.each(
    [
      ["not ONNX", "it is not an ONNX file, or a damaged one"],
      ["unknown operator", "operator Nonsense is not part of opset 18"],
      ["unknown domain", "operator maker.example:Nonsense is not known"],
      [
        "shapes",
        "its shapes do not fit together (Incompatible dimensions for matrix multiplication)",
      ],
    ] as const,
  )("openSession() says in one line what is wrong: %s", async (which, message) => {
    const error = await openSession(brokenNetworks[which], { backend }).catch((e) => e);
    expect(error).toBeInstanceOf(RuntimeError);
    expect(error.message).toContain(`Cannot load the network: ${message}`);
    expect(error.message).not.toContain("\n");
  });

  test("Session.run() names the node that fails", async () => {
    await using session = await openSession(brokenNetworks["at run time"], { backend });
    const feeds = {
      x: { type: "float32", dims: [1, 6], data: new Float32Array(6) },
      shape: { type: "int64", dims: [1], data: new BigInt64Array([4n]) },
    } as const;
    await expect(session.run(feeds)).rejects.toThrow(
      /^Cannot run the network: .*cannot be reshaped to the requested shape/,
    );
  });
});

test("translateOrtError() keeps the original as the cause, and any unknown text", () => {
  const cause = new Error("failed to call OrtRun(). ERROR_CODE: 1, ERROR_MESSAGE: a\n b");
  const error = translateOrtError("run the network", cause);
  expect(error.message).toBe("Cannot run the network: a b");
  expect(error.cause).toBe(cause);
});

test("translateOrtError() leaves out where in ONNX Runtime an error was found", () => {
  const raw =
    "failed to call OrtRun(). ERROR_CODE: 2, ERROR_MESSAGE: /src/op_kernel.cc:83 virtual " +
    "OrtValue *Output(int, const Shape &) [ONNXRuntimeError] : 2 : INVALID_ARGUMENT : Tensor shape " +
    "is too large";
  expect(translateOrtError("run the network", new Error(raw)).message)
    .toBe("Cannot run the network: Tensor shape is too large");
});
