import { type Kernel, oneByOne } from "../../shared/compute/mod.ts";
import type { FigureJob } from "./job.ts";
import { makeFigure } from "./make_figure.ts";
import type { OpenNetworks } from "./open_networks.ts";
import { FigureStore } from "./store.ts";

/** What came of a job: how long it took, or why there is no figure. */
export type JobResult = { readonly seconds: number } | { readonly failure: string };

/** Makes a figure and keeps it; one that cannot be made does not stop the others. */
export const figureKernel: Kernel<null, FigureJob, JobResult, OpenNetworks> = {
  id: "figures/figure",
  isResult: (value) => typeof value === "object" && value !== null,
  open: (networks) =>
    Promise.resolve(oneByOne(async (job) => {
      try {
        const { figure, files } = await makeFigure(job, networks);
        await new FigureStore(job.folder).write(figure, files);
        return { seconds: figure.timings.seconds };
      } catch (error) {
        return { failure: error instanceof Error ? error.message : `${error}` };
      }
    })),
};
