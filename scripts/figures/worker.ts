import { serveKernels } from "../../shared/compute/mod.ts";
import { forgetLocation } from "../forget_location.ts";
import { figureKernel } from "./figure_kernel.ts";
import { OpenNetworks } from "./open_networks.ts";

forgetLocation();

serveKernels({
  kernelOf: () => Promise.resolve(figureKernel),
  openGround: () => Promise.resolve(new OpenNetworks()),
});
