import { expect, test } from "vitest";
import { float32 } from "../tensor/tensor.ts";
import { checkInputs } from "./run_method.ts";
import type { InputSpec, Method, MethodInput } from "./method.ts";

const image: MethodInput = {
  tensor: float32(new Float32Array(3), [1, 3, 1, 1]),
  image: { width: 1, height: 1, data: new Uint8ClampedArray(4) },
};
const taking = (takes: InputSpec) => ({ id: "look", takes }) as unknown as Method;

test("what is required and what may be there passes", () => {
  checkInputs(taking({ image: "required", guide: "optional" }), { image });
  checkInputs(taking({ image: "required", guide: "optional" }), { image, guide: image });
  checkInputs(taking({}), {});
});

test("a missing input is named", () => {
  expect(() => checkInputs(taking({ corpus: "required" }), {})).toThrow(
    "Cannot run look: it needs a folder of images",
  );
});

test("an input that would be ignored is refused", () => {
  expect(() => checkInputs(taking({}), { image })).toThrow(
    "Cannot run look on an image: it takes none, only the network",
  );
  expect(() => checkInputs(taking({ image: "required" }), { image, guide: image })).toThrow(
    "Cannot run look on a second image, the guide: it takes an image",
  );
});
