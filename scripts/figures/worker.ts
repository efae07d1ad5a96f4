import { serveKernels } from "../../shared/compute/mod.ts";
import { forgetLocation } from "../forget_location.ts";
import type { Backend } from "../../shared/runtime/mod.ts";
import { figureKernel } from "./figure_kernel.ts";
import { OpenNetworks } from "./open_networks.ts";

forgetLocation();

serveKernels({
  kernelOf: () => Promise.resolve(figureKernel),
  openGround: (backend) => Promise.resolve(new OpenNetworks(backend as Backend)),
});
