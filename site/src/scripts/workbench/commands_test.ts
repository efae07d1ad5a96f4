import { expect, test } from "vitest";
import { commandOf, curlOf } from "./commands.ts";

const state = {
  network: "googlenet-bvlc",
  method: "gradient",
  target: "281",
  image: "my cat's.jpg",
  options: { rule: "guided" },
};

test("a command names what differs from the defaults, each as one word of a shell", () => {
  expect(commandOf(state)).toBe(
    `deno task cli gradient --image 'my cat'\\''s.jpg' --model googlenet-bvlc --target 281 ` +
      "--rule guided",
  );
});

test("a request sends the same", () => {
  expect(curlOf({ ...state, image: "cat.jpg" }, "https://example.org")).toBe(
    "curl -F image=@cat.jpg --form-string model=googlenet-bvlc --form-string target=281 " +
      "--form-string rule=guided https://example.org/api/gradient",
  );
});

test("a method without an image and a target has neither", () => {
  const bare = { network: "glyphnet", method: "weights", target: "", options: {} };
  expect(commandOf(bare)).toBe("deno task cli weights --model glyphnet");
  expect(curlOf(bare, "http://localhost:8000")).toBe(
    "curl --form-string model=glyphnet http://localhost:8000/api/weights",
  );
});
