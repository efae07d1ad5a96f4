/**
 * `deno task bench:site`: how smooth the embedding map is, how fast pages load and the workbench
 * answers, in Chromium. A task of its own, as to drive a browser needs every permission.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { z } from "zod";
import { exitCode } from "../cli/exit_code.ts";
import { optionHelp } from "../cli/help.ts";
import { parseCommandLine } from "../cli/option_parser.ts";
import { table } from "../cli/table.ts";
import { CHROMIUM, launchBrowser } from "../launch_browser.ts";
import { freshSite } from "../start/fresh_site.ts";
import { jsonOption } from "./bench_options.ts";
import { startPageServer } from "./page_server.ts";
import { type GestureTiming, timeExplorer } from "./time_explorer.ts";
import { type PageTiming, timePages } from "./time_pages.ts";
import { timeWorkbench, type WorkbenchTiming } from "./time_workbench.ts";
import { writeFigures } from "./benchmark.ts";

const options = z.object({
  images: z.int().min(1).max(20000).default(5000)
    .describe("Generated images on the embedding map."),
  runs: z.int().min(1).max(100).default(3)
    .describe("Times that each page is opened; the median counts."),
  json: jsonOption,
});

async function main(args: readonly string[], signal: AbortSignal): Promise<void> {
  if (args.some((arg) => arg === "--help" || arg === "-h")) {
    return console.log(optionHelp("Options of deno task bench:site", options));
  }
  const [given] = parseCommandLine(args, options);
  if (!existsSync(CHROMIUM)) {
    throw new RangeError(`Cannot find a Chromium at ${CHROMIUM}: expected one there, or CHROMIUM`);
  }
  await freshSite(() => console.error("Building the site ..."));
  await using server = await startPageServer();
  const { origin } = server;
  await using browser = await launchBrowser();
  const gestures = await timeExplorer(browser, origin, given.images);
  signal.throwIfAborted();
  console.log(gestureTable(gestures));
  const pages = await timePages(browser, origin, given.runs);
  console.log(`\n${pageTable(pages)}`);
  signal.throwIfAborted();
  const workbench = await timeWorkbench(browser, origin);
  console.log(`\n${workbenchTable(workbench)}`);
  if (given.json !== undefined) await writeFigures(given.json, { gestures, pages, workbench });
}

const gestureTable = (timings: readonly GestureTiming[]) =>
  table([
    ["images", "gesture", "frame, ms: median", "95 % below", "script, ms", "page's thread, ms"],
    ...timings.map(({ images, gesture, frameMs, scriptMs, threadMs }) => [
      String(images),
      gesture,
      ...[frameMs.median, frameMs.most95, scriptMs, threadMs].map((value) => value.toFixed(1)),
    ]),
  ]);

const pageTable = (timings: readonly PageTiming[]) =>
  table([
    ["page", "screen", "LCP, ms", "on a slow phone, ms", "largest", "shift"],
    ...timings.map(({ page, screen, lcpMs, slowLcpMs, largest, shift }) => [
      page,
      screen,
      lcpMs.toFixed(0),
      slowLcpMs.toFixed(0),
      largest,
      shift.toFixed(3),
    ]),
  ]);

const workbenchTable = (timings: readonly WorkbenchTiming[]) =>
  table([
    ["network", "where", "top five, ms", "first map, ms", "occlusion, s"],
    ...timings.map(({ network, where, topFiveMs, mapMs, occlusionMs }) => [
      network,
      where,
      topFiveMs.toFixed(0),
      mapMs.toFixed(0),
      (occlusionMs / 1000).toFixed(1),
    ]),
  ]);

if (import.meta.main) {
  Deno.exit(await exitCode((signal) => main(Deno.args, signal), "deno task bench:site --help"));
}
