/**
 * The script of a worker that applies the methods' kernels to a network: the same in Deno and in
 * browsers.
 *
 * @module
 */
import { z } from "zod";
import { serveKernels } from "../compute/mod.ts";
import { openNetwork } from "../network/open_network.ts";
import { loadKernel } from "./kernels.ts";
import type { WorkerSource } from "./network_workers.ts";

// A worker of Deno has a location below file:, whose origin is none to ONNX Runtime.
if (globalThis.location?.protocol === "file:") Reflect.deleteProperty(globalThis, "location");

// A page's policy refuses code that is made from text, and zod would try.
z.config({ jitless: true });

serveKernels({
  kernelOf: loadKernel,
  openGround(source) {
    const { backend, ...network } = source as WorkerSource;
    return openNetwork(network, { backend });
  },
});
