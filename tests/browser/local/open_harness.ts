import type { Browser, Page } from "playwright-core";
import { launchBrowser } from "../../../scripts/launch_browser.ts";
import { type ServeProcess, serveProcess } from "../../http/serve_process.ts";
import type { Answers, OpenedFile } from "../../../site/src/scripts/local/opened_file.ts";
import { buildHarness } from "./build_harness.ts";
import type { PlainFile, Ran } from "./harness.ts";

const WORKER = new URL("../../http/worker.ts", import.meta.url);

/** A page with the harness, served by the functions with all their headers. */
export interface OpenHarness extends AsyncDisposable {
  readonly browser: Browser;
  readonly server: ServeProcess;
  /** Folder of the built page. */
  readonly site: string;
  /** Another page with the same store. @param origin Who serves it. @default the functions */
  newPage(origin?: string): Promise<Page>;
}

/** @param module Serves the functions. @default those with the tiny network */
export async function openHarness(
  env: Record<string, string> = {},
  module: URL = WORKER,
): Promise<OpenHarness> {
  const site = await buildHarness();
  const browser = await launchBrowser();
  const server = await serveProcess(module, { BACKEND: "wasm", SITE: site, ...env });
  const context = await browser.newContext();
  return {
    browser,
    server,
    site,
    async newPage(origin = server.origin) {
      const page = await context.newPage();
      await page.goto(origin);
      await page.waitForFunction(() => "harness" in globalThis);
      return page;
    },
    async [Symbol.asyncDispose]() {
      await browser.close();
      await server.kill();
      await Deno.remove(site, { recursive: true });
    },
  };
}

/** Runs a method in the page. */
export async function runIn(
  page: Page,
  method: string,
  fields: Readonly<Record<string, string>>,
  image?: PlainFile,
): Promise<Ran> {
  const ran = await page.evaluate(
    ([method, fields, image]) => globalThis.harness.run(method, fields, image),
    [method, fields, image] as const,
  );
  if (typeof ran === "string") throw new Error(ran);
  return ran;
}

/**
 * Opens a network in the page.
 *
 * @throws {Error} If it is refused.
 */
export async function openIn(
  page: Page,
  files: readonly PlainFile[],
  answers?: Answers,
): Promise<OpenedFile> {
  const opened = await page.evaluate(
    ([files, answers]) => globalThis.harness.open(files, answers),
    [files, answers] as const,
  );
  if ("fault" in opened) throw new Error(`${opened.fault}: ${opened.message}`);
  return opened;
}

export const plainFile = (name: string, bytes: Uint8Array): PlainFile => ({
  name,
  bytes: bytes.toBase64(),
});
