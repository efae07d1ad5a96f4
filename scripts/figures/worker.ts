import { forgetLocation } from "../forget_location.ts";
import type { FigureJob } from "./job.ts";
import { makeFigure } from "./make_figure.ts";
import { OpenNetworks } from "./open_networks.ts";
import { FigureStore } from "./store.ts";

/** What a worker says after each job. */
export type WorkerReply =
  | { readonly kind: "done"; readonly seconds: number }
  | { readonly kind: "failed"; readonly reason: string };

forgetLocation();

const scope = self as unknown as {
  onmessage: (event: MessageEvent<FigureJob>) => void;
  postMessage(reply: WorkerReply): void;
};
const networks = new OpenNetworks();

scope.onmessage = async ({ data: job }) => {
  try {
    const { figure, files } = await makeFigure(job, networks);
    await new FigureStore(job.folder).write(figure, files);
    scope.postMessage({ kind: "done", seconds: figure.timings.seconds });
  } catch (error) {
    scope.postMessage({
      kind: "failed",
      reason: error instanceof Error ? error.message : `${error}`,
    });
  }
};
