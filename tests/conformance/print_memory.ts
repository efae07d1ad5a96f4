/**
 * Takes the gradient of a network of pools on WASM, and prints the bytes of WebAssembly's memory,
 * which never shrinks: in a process of its own. `print_memory.ts <session>`, where the session is
 * "ours", or "plain": of the graph as it is written.
 */
import { differentiate, unit } from "../../shared/grad/mod.ts";
import { encodeModel, ModelBuilder } from "../../shared/onnx/mod.ts";
import { openModelSession } from "../../shared/network/open_session.ts";
import { openSession } from "../../shared/runtime/mod.ts";
import { randomTensor } from "../networks.ts";

const DIMS = [1, 8, 256, 256];

let memory: WebAssembly.Memory | undefined;
const { instantiate } = WebAssembly;
Object.assign(WebAssembly, {
  async instantiate(bytes: BufferSource, imports: WebAssembly.Imports) {
    const made = await instantiate(bytes, imports);
    const values = [made.instance.exports, ...Object.values(imports)].flatMap(Object.values);
    memory = values.find((one) => one instanceof WebAssembly.Memory);
    return made;
  },
});

const b = new ModelBuilder();
let value = b.input("x", DIMS);
for (let level = 0; level < 8; level++) {
  const window = { kernel_shape: [3, 3], pads: [1, 1, 1, 1] };
  value = b.op("MaxPool", [b.op("Mul", [value, value])], window);
}
b.output(b.op("GlobalAveragePool", [value], {}, "y"));
const { model } = differentiate(b.build(), { objective: unit("y", { channel: 3 }), wrt: ["x"] });
const session = Deno.args[0] === "ours"
  ? (await openModelSession(model, "wasm")).session
  : await openSession(encodeModel(model), { backend: "wasm" });
const before = memory!.buffer.byteLength;
await session.run({ x: randomTensor(DIMS, 1) });
console.log(memory!.buffer.byteLength - before);
