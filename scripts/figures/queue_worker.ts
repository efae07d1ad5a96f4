/**
 * `deno task worker --queue redis://host:port`: makes figures that `deno task figures --queue` put on
 * a queue, until it is interrupted. Any number may run, on any machines that share the folders.
 *
 * @module
 */
import { once } from "node:events";
import { z } from "zod";
import { exitCode } from "../cli/exit_code.ts";
import { optionHelp } from "../cli/help.ts";
import { parseCommandLine } from "../cli/option_parser.ts";
import { connect, openWorker } from "./figure_queue.ts";
import { makeFigure } from "./make_figure.ts";
import { OpenNetworks } from "./open_networks.ts";
import { FigureStore } from "./store.ts";

const workerOptions = z.object({
  queue: z.string().default("redis://127.0.0.1:6379")
    .describe("Address of the Redis or Valkey."),
  lock: z.number().min(1).max(3600).default(30)
    .describe("After this time without a sign of a worker, its job is given to another.")
    .meta({ unit: "seconds" }),
  help: z.boolean().default(false).describe("Prints this."),
});

async function main(args: readonly string[], signal: AbortSignal): Promise<void> {
  const [{ queue, lock, help }] = parseCommandLine(args, workerOptions);
  if (help) {
    console.log(`Usage: deno task worker [options]\n\n${optionHelp("Options", workerOptions)}`);
    return;
  }
  await using networks = new OpenNetworks();
  const connection = connect(queue);
  const worker = openWorker(connection, async (job) => {
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
    await Promise.race([worker.close(), once(connection, "close")]);
  }
  connection.disconnect();
}

Deno.exit(await exitCode((signal) => main(Deno.args, signal), "deno task worker --help"));
