/**
 * Takes glyphnet's gradient on WebGPU, with ONNX Runtime saying where the nodes run. It has to be
 * told before it is loaded, so this is a process of its own.
 */
import { openModel } from "../../models/mod.ts";
import { imageGradient } from "../../shared/network/image_gradient.ts";
import { openNetwork } from "../../shared/network/open_network.ts";
import { loadOrt } from "../../shared/runtime/ort.ts";
import { randomTensor } from "../networks.ts";

const VERBOSE = 0;

const ort = await loadOrt("webgpu");
ort.env.logLevel = "verbose";
const network = await openNetwork(await openModel("glyphnet"), { backend: "webgpu" });
const create = ort.InferenceSession.create.bind(ort.InferenceSession) as (
  bytes: Uint8Array,
  options: object,
) => ReturnType<typeof ort.InferenceSession.create>;
Object.assign(ort.InferenceSession, {
  create: (bytes: Uint8Array, options: object) =>
    create(bytes, { ...options, logSeverityLevel: VERBOSE }),
});
const score = { layer: network.logitsTensor, label: "class 3", quantity: "logit" };
const spec = { kind: "sum", terms: [{ at: { channel: 3 }, weight: 1 }] } as const;
const gradient = imageGradient(network, { aim: { ...score, spec }, rule: "plain" });
await gradient(randomTensor(network.inputDims, 1), {});
await network.dispose();
// The GPU's driver may end slowly.
Deno.exit(0);
