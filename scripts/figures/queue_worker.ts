/**
 * `deno task worker --queue redis://host:port`: makes figures that `deno task figures --queue` put on
 * a queue, until it is interrupted. Any number may run, on any machines that share the folders.
 *
 * @module
 */
import { z } from "zod";
import { exitCode } from "../cli/exit_code.ts";
import { optionHelp } from "../cli/help.ts";
import { parseCommandLine } from "../cli/option_parser.ts";
import { checkJob } from "./check_job.ts";
import { connect, openWorker } from "./figure_queue.ts";
import { GALLERY_FOLDER, OWN_FOLDER } from "./gallery_folders.ts";
import { makeFigure } from "./make_figure.ts";
import { OpenNetworks } from "./open_networks.ts";
import { FigureStore } from "./store.ts";

const workerOptions = z.object({
  queue: z.string().default("redis://127.0.0.1:6379")
    .describe("Address of the Redis or Valkey."),
  lock: z.number().min(1).max(3600).default(30)
    .describe("After this time without a sign of a worker, its job is given to another.")
    .meta({ unit: "seconds" }),
  gallery: z.string().min(1).default(GALLERY_FOLDER)
    .describe("Folder that figures may be written to, and below; beside it site/gallery-own."),
  help: z.boolean().default(false).describe("Prints this."),
});

async function main(args: readonly string[], signal: AbortSignal): Promise<void> {
  const [{ queue, lock, gallery, help }] = parseCommandLine(args, workerOptions);
  if (help) {
    console.log(`Usage: deno task worker [options]\n\n${optionHelp("Options", workerOptions)}`);
    return;
  }
  await using networks = new OpenNetworks();
  const connection = connect(queue);
  const worker = openWorker(connection, async (job) => {
    await checkJob(job, [gallery, OWN_FOLDER]);
    const { figure, files } = await makeFigure(job, networks);
    await new FigureStore(job.folder).write(figure, files);
    console.log(`${job.id}  ${job.set} of ${job.recipe.model.id}: ${figure.timings.seconds} s`);
    return { seconds: figure.timings.seconds };
  }, lock * 1000);
  worker.on("error", (error) => console.error(error.message));
  console.log(`waiting for figures at ${new URL(queue).host}`);
  await new Promise((resolve) => signal.addEventListener("abort", resolve));
  // Without the queue there is nobody to hand the last job to, and nothing to wait for.
  if (connection.status === "ready") {
    const closed = new Promise((resolve) => connection.once("close", resolve));
    await Promise.race([worker.close(), closed]);
  }
  connection.disconnect();
}

Deno.exit(await exitCode((signal) => main(Deno.args, signal), "deno task worker --help"));
