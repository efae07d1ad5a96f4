import { decodeModel } from "../onnx/mod.ts";
import { chooseBackend, type RequestedBackend } from "../runtime/mod.ts";
import { withMapViews } from "./axes/map_views.ts";
import { declarationOf, imageInput } from "./image_input.ts";
import { Network } from "./network.ts";
import type { NetworkSource } from "./network_source.ts";
import { mayVary } from "./open/compare_runs.ts";
import { prepareModel } from "./open/prepare_model.ts";
import { compareWithWasm } from "./open_session.ts";
import { settleConstants } from "./settle_constants.ts";

export interface OpenNetworkOptions {
  /** @default "auto" */
  readonly backend?: RequestedBackend;
  readonly signal?: AbortSignal;
}

/**
 * Loads a network. On WebGPU all its tensors are compared with WASM first.
 *
 * @throws {RangeError} If the network is not one that looks at one image and scores classes.
 * @throws {RuntimeError} If ONNX Runtime cannot load it.
 * @throws {BackendError} If WebGPU is asked for and not there.
 * @throws {BackendMismatchError} If WebGPU computes something else than WASM.
 */
export async function openNetwork(
  source: NetworkSource,
  options: OpenNetworkOptions = {},
): Promise<Network> {
  const { backend, reason } = await chooseBackend(options.backend);
  const { name: image, layout } = source.manifest.input;
  const raw = decodeModel(source.bytes);
  const read = prepareModel(raw, { image, layout });
  const input = imageInput(read.model, source.manifest);
  const settled = await settleConstants(read.model, input);
  const { model: file, ...maps } = withMapViews(settled, input);
  const declared = declarationOf(raw, input.name);
  const network = new Network(
    source,
    { file, input, declared, notes: read.notes, ...maps },
    backend,
    reason,
  );
  await network.measureScores(options);
  if (mayVary(network)) await network.compareRuns(options);
  if (backend === "webgpu") await compareWithWasm(network, options.signal);
  return network;
}
