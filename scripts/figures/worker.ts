import { serveKernels } from "../../shared/compute/mod.ts";
import { forgetLocation } from "../forget_location.ts";
import { figureKernel } from "./figure_kernel.ts";
import { type FigureBackend, OpenNetworks } from "./open_networks.ts";

forgetLocation();

serveKernels({
  kernelOf: () => Promise.resolve(figureKernel),
  openGround: (backend) => Promise.resolve(new OpenNetworks(backend as FigureBackend)),
});
