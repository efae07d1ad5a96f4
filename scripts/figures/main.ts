/**
 * `deno task figures`: makes the figures of the gallery that are missing or changed.
 *
 * @module
 */
import { z } from "zod";
import { optionHelp } from "../cli/help.ts";
import { exitCode } from "../cli/exit_code.ts";
import { parseCommandLine } from "../cli/option_parser.ts";
import { type IdleOption, refuseIdleOptions } from "../cli/refuse_idle_options.ts";
import { checkFigures } from "./check_figures.ts";
import { checkSets } from "./check_sets.ts";
import { buildFigures } from "./build_figures.ts";
import { GALLERY } from "./gallery.ts";
import { GALLERY_FOLDER, OWN_FOLDER } from "./gallery_folders.ts";
import { BACKENDS } from "../../shared/runtime/backend.ts";
import { presentNetworks } from "./present_networks.ts";

const list = z.string().min(1).optional();

const figuresOptions = z.object({
  models: list.describe(
    "Networks, separated by commas: of the gallery, or any id, repository or path of an .onnx file, " +
      "which gets a default set of figures in site/gallery-own. All of the gallery that are on this " +
      "machine by default.",
  ),
  sets: list.describe("Ids of figure sets, separated by commas; all."),
  images: list.describe(
    "Folder of images for the figures that need photographs, and for attributions of networks that " +
      "the gallery does not have; kept in site/gallery-own.",
  ),
  gallery: z.string().min(1).default(GALLERY_FOLDER)
    .describe("Folder of the figures that show nothing but what ships with the project."),
  workers: z.int().min(1).max(256).default(navigator.hardwareConcurrency)
    .describe("How many figures are made at once."),
  queue: list.describe("Puts the jobs on this queue instead, as redis://host:port; see worker."),
  backend: z.enum(BACKENDS).default("wasm").describe(
    "Where networks run. What WASM made can be made again to the last bit; a GPU and the native " +
      "build are faster.",
  ),
  part: z.string().regex(/^[1-9]\d{0,3}\/[1-9]\d{0,3}$/, "expected <part>/<parts>, as 2/8")
    .refine(
      (text) => Number(text.split("/")[0]) <= Number(text.split("/")[1]),
      "there are fewer parts",
    )
    .optional()
    .describe("Makes only this share of the figures, as 2/8, beside other processes."),
  plan: z.boolean().default(false).describe("Only prints what would be made."),
  check: z.boolean().default(false)
    .describe("Compares all files with their recipes, and makes a random sample again."),
  sample: z.int().min(0).max(10_000).default(3)
    .describe("How many figures --check makes again."),
  help: z.boolean().default(false).describe("Prints this."),
});

const IDLE: readonly IdleOption[] = [
  { option: "sample", needs: "check" },
  { option: "plan", beside: "check" },
  { option: "queue", beside: "check" },
  { option: "queue", beside: "plan" },
  { option: "workers", beside: "check" },
  { option: "workers", beside: "queue" },
  { option: "backend", beside: "check" },
  { option: "backend", beside: "queue" },
  { option: "part", beside: "check" },
];

async function main(args: readonly string[], signal: AbortSignal): Promise<void> {
  const [options] = parseCommandLine(args, figuresOptions);
  if (options.help) {
    console.log(`Usage: deno task figures [options]\n\n${optionHelp("Options", figuresOptions)}`);
    return;
  }
  refuseIdleOptions(args, IDLE);
  const { networks, absent } = await presentNetworks(
    GALLERY,
    options.models?.split(","),
    options.images === undefined ? "samples" : "images",
  );
  for (const id of absent) {
    console.log(`${id} is not on this machine; its figures stay as they are`);
  }
  const sets = options.sets?.split(",");
  if (sets) checkSets(networks, sets, options.images !== undefined);
  const plan = {
    networks,
    folder: options.gallery,
    ownFolder: OWN_FOLDER,
    images: options.images,
    sets,
  };
  if (options.check) await checkFigures(plan, options.sample);
  else await buildFigures(plan, { ...options, onlyPlan: options.plan, signal });
}

Deno.exitCode = await exitCode((signal) => main(Deno.args, signal), "deno task figures --help");
