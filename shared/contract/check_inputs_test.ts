import { expect, test } from "vitest";
import { float32 } from "../tensor/tensor.ts";
import { checkInputs } from "./check_inputs.ts";
import type { Takes, Technique, TechniqueInput } from "./technique.ts";

const picture: TechniqueInput = {
  tensor: float32(new Float32Array(3), [1, 3, 1, 1]),
  picture: { width: 1, height: 1, data: new Uint8ClampedArray(4) },
};
const taking = (takes: Takes) => ({ id: "look", takes }) as unknown as Technique;

test("what is required and what may be there passes", () => {
  checkInputs(taking({ picture: "required", guide: "optional" }), { picture });
  checkInputs(taking({ picture: "required", guide: "optional" }), { picture, guide: picture });
  checkInputs(taking({}), {});
});

test("a missing input is named", () => {
  expect(() => checkInputs(taking({ corpus: "required" }), {})).toThrow(
    "Cannot run look: it needs a folder of pictures",
  );
});

test("an input that would be ignored is refused", () => {
  expect(() => checkInputs(taking({}), { picture })).toThrow(
    "Cannot run look on a picture: it takes none, only the network",
  );
  expect(() => checkInputs(taking({ picture: "required" }), { picture, guide: picture })).toThrow(
    "Cannot run look on a second picture, the guide: it takes a picture",
  );
});
