import type { AnyKernel } from "../compute/mod.ts";
import { InputError } from "../errors.ts";
import type { Network } from "../network/network.ts";

type NetworkKernel = AnyKernel<Network>;

/** Every kernel of a method, loaded when it is first needed. */
const KERNELS: ReadonlyMap<string, () => Promise<NetworkKernel>> = new Map([
  ["cam/mask", async () => (await import("./cam/score_cam.ts")).maskKernel],
  [
    "cam/random-weights",
    async () => (await import("./cam/random_weights.ts")).randomWeightsKernel,
  ],
  ["embedding/features", async () => (await import("./embedding/features.ts")).featuresKernel],
  ["gradient/sample", async () => (await import("./gradient/smooth_grad.ts")).sampleKernel],
  [
    "gradient/random-weights",
    async () => (await import("./gradient/random_weights.ts")).randomWeightsKernel,
  ],
  ["evaluation/change", async () => (await import("../evaluation/change_kernel.ts")).changeKernel],
  [
    "integrated-gradients/step",
    async () => (await import("./integrated-gradients/step.ts")).stepKernel,
  ],
  ["inversion/restart", async () => (await import("./inversion/restart.ts")).restartKernel],
  ["lrp/channel-map", async () => (await import("./lrp/channel_map.ts")).channelMapKernel],
  ["occlusion/tile", async () => (await import("./occlusion/tile_kernel.ts")).tileKernel],
  ["ranking/peaks", async () => (await import("../ranking/top_patches.ts")).peaksKernel],
  ["segment/view", async () => (await import("./segment/saliency.ts")).viewKernel],
  ["synthesis/image", async () => (await import("../synthesis/synthesize.ts")).synthesisKernel],
] as [string, () => Promise<NetworkKernel>][]);

/** Ids of all kernels. */
export const KERNEL_IDS: readonly string[] = [...KERNELS.keys()];

/** @throws {InputError} If there is none of that id. */
export async function loadKernel(id: string): Promise<NetworkKernel> {
  const load = KERNELS.get(id);
  if (load) return await load();
  throw new InputError(`Cannot find the kernel "${id}": there are ${KERNEL_IDS.join(", ")}`);
}
