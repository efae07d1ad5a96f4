import { encodeModel, ModelBuilder } from "../onnx/mod.ts";
import { type Backend, openSession } from "../runtime/mod.ts";

/**
 * Loads ONNX Runtime before it is needed: while a network or an image is still on its way. Its
 * WebAssembly is read, compiled and started only with a first session.
 */
export async function warmRuntime(backend: Backend): Promise<void> {
  const builder = new ModelBuilder();
  builder.output(builder.op("Relu", [builder.input("x", [1])], {}, "y"));
  const session = await openSession(encodeModel(builder.build()), { backend });
  await session.dispose();
}
