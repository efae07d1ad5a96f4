import { expect, test } from "vitest";
import { type AdapterInfo, chooseBackend } from "./choose_backend.ts";

const hardware: AdapterInfo = { description: "Card 9000", vendor: "v" };
const software: AdapterInfo = { description: "llvmpipe", vendor: "v", isFallbackAdapter: true };
const none = "navigator.gpu is missing";
const probe = (found: AdapterInfo | string) => () => Promise.resolve(found);

test.each(
  [
    ["auto", hardware, "webgpu", "hardware adapter (Card 9000)"],
    ["auto", software, "wasm", "software (llvmpipe)"],
    ["auto", none, "wasm", "navigator.gpu is missing"],
    ["webgpu", hardware, "webgpu", "adapter Card 9000"],
    ["webgpu", software, "webgpu", "software adapter llvmpipe"],
    ["wasm", hardware, "wasm", "asked for"],
    ["wasm", none, "wasm", "asked for"],
  ] as const,
)("chooseBackend(%s) with %o takes %s", async (requested, found, backend, reason) => {
  const choice = await chooseBackend(requested, probe(found), () => "it is not installed");
  expect(choice.backend).toBe(backend);
  expect(choice.reason).toContain(reason);
});

test.each(
  [
    ["auto", hardware, "webgpu", "hardware adapter (Card 9000)"],
    ["auto", software, "native", "it is installed and the only WebGPU adapter is software"],
    ["auto", none, "native", "it is installed and navigator.gpu is missing"],
    ["wasm", none, "wasm", "asked for"],
    ["native", hardware, "native", "asked for"],
  ] as const,
)(
  "with the native build, chooseBackend(%s) with %o takes %s",
  async (requested, found, backend, reason) => {
    const choice = await chooseBackend(requested, probe(found), () => undefined);
    expect(choice.backend).toBe(backend);
    expect(choice.reason).toContain(reason);
  },
);

test("chooseBackend() says how to get the native build when it is asked for in vain", async () => {
  const choice = chooseBackend("native", probe(hardware), () => "it is not installed");
  await expect(choice).rejects.toMatchObject({
    kind: "backend-unavailable",
    message: expect.stringMatching(/^Cannot use the native.*: it is not.*"deno task native"/),
  });
});

test("chooseBackend() names what was tried when WebGPU is asked for in vain", async () => {
  await expect(chooseBackend("webgpu", probe(none))).rejects.toThrow(
    "Cannot use WebGPU: navigator.gpu is missing",
  );
});

test("chooseBackend() looks at this machine by default", async () => {
  const { backend, reason } = await chooseBackend();
  expect(["wasm", "webgpu", "native"]).toContain(backend);
  expect(reason).toMatch(/^(WASM|WebGPU|native ONNX Runtime), because /);
});
