import { serveKernels } from "../../../shared/compute/mod.ts";
import { forgetLocation } from "../../forget_location.ts";
import { shareKernel } from "./share_kernel.ts";

forgetLocation();

serveKernels({
  kernelOf: () => Promise.resolve(shareKernel),
  openGround: () => Promise.resolve(null),
});
