import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "../../scripts/launch_browser.ts";
import { differentiate, unit } from "../../shared/grad/mod.ts";
import { drawFigure, encodeFigures } from "../../shared/figure/mod.ts";
import { openFile, run } from "../../shared/methods/mod.ts";
import { decodeModel, encodeModel } from "../../shared/onnx/mod.ts";
import { noBrowser } from "../browser/served_site.ts";
import { watchComplaints } from "../browser/watch_complaints.ts";
import { skipped } from "../skipped.ts";
import { installPackage, PACKAGE, packLibrary, runIn } from "./install_package.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const GLYPHNET = join(ROOT, "models/glyphnet");

/** The oldest Node that has all that the package takes of the language. */
const OLDEST_NODE = 26;
const NODE = Deno.env.get("TEST_NODE") ?? "node";
const noNode = skipped(
  "node",
  await isOld(),
  `the package's test in Node needs Node ${OLDEST_NODE}, or TEST_NODE`,
);

let folder: string;
let tarball: string;

beforeAll(async () => {
  // Paths with spaces and umlauts are paths.
  folder = await Deno.makeTempDir({ prefix: "an empty földer " });
  tarball = await packLibrary(folder);
});
afterAll(() => Deno.remove(folder, { recursive: true }));

async function isOld(): Promise<boolean> {
  const version = await runIn(ROOT, NODE, ["--version"]).catch(() => "v0");
  return Number(/^v(\d+)/.exec(version)?.[1]) < OLDEST_NODE;
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => made ??= make();
}

/** The examples of the README's section on the library. */
async function examples(): Promise<string[]> {
  const readme = await Deno.readTextFile(join(ROOT, "README.md"));
  const [, section] = /^## As a library$([^]*?)^## /m.exec(readme)!;
  return [...section.matchAll(/^```ts\n([^]*?)^```/gm)].map(([, code]) => code);
}

/** A project with nothing but the package, a network, an image and the README's examples. */
async function emptyProject(name: string): Promise<string> {
  const project = join(folder, name);
  await installPackage(tarball, project);
  await Deno.copyFile(join(GLYPHNET, "model.onnx"), join(project, "model.onnx"));
  await Deno.copyFile(join(GLYPHNET, "samples/owl.png"), join(project, "photo.png"));
  return project;
}

/** As glyphnet was trained. */
const INPUT = { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] };

/** What the examples have to write: the same as the library itself, to the last bit. */
const expected = once(async () => {
  const file = await Deno.readFile(join(GLYPHNET, "model.onnx"));
  await using network = await openFile(file, { backend: "wasm", input: INPUT });
  const image = await Deno.readFile(join(GLYPHNET, "samples/owl.png"));
  const { figures } = await run("cam", network, { image }, { target: "top-1" });
  const svg = drawFigure((await encodeFigures(figures)).figure);
  const objective = unit("fc8", { channel: 2 });
  const { model } = differentiate(decodeModel(file), { objective, wrt: ["image"] });
  return { svg, gradient: encodeModel(model) };
});

/** Runs the README's examples, and compares what they write. */
async function runExamples(project: string, program: string, args: readonly string[]) {
  const codes = await examples();
  expect(codes).toHaveLength(2);
  for (const [i, code] of codes.entries()) {
    await Deno.writeTextFile(join(project, `example${i}.ts`), code);
    await runIn(project, program, [...args, `example${i}.ts`]);
  }
  const { svg, gradient } = await expected();
  expect(await Deno.readTextFile(join(project, "cam.svg"))).toBe(svg);
  expect(await Deno.readFile(join(project, "grad.onnx"))).toEqual(gradient);
}

test.skipIf(noNode)("the README's examples run in an empty Node project", async () => {
  await runExamples(await emptyProject("node"), NODE, []);
});

test("the README's examples are compiled and run in an empty Deno project", async () => {
  const project = await emptyProject("deno");
  const args = ["run", "--quiet", "--check", "--allow-read", "--allow-write=.", "--allow-env"];
  await runExamples(project, Deno.execPath(), args);
});

test("every module of the package has types that are whole", async () => {
  const project = await emptyProject("types");
  const { exports } = JSON.parse(await Deno.readTextFile(join(ROOT, "deno.json")));
  const lines = Object.keys(exports).map((name, i) =>
    `export * as module${i} from "${PACKAGE}${name.slice(1)}";`
  );
  await Deno.writeTextFile(join(project, "all.ts"), lines.join("\n"));
  // ONNX Runtime's types name elements of pages.
  const compilerOptions = { lib: ["dom", "dom.iterable", "dom.asynciterable", "esnext"] };
  await Deno.writeTextFile(join(project, "deno.json"), JSON.stringify({ compilerOptions }));
  await runIn(project, Deno.execPath(), ["check", "--all", "--quiet", "all.ts"]);
});

const PAGE = `
import "@convscope/convscope/element";
import { drawFigure, encodeFigures } from "@convscope/convscope/figure";
import { openFile, run } from "@convscope/convscope/methods";

const read = async (url) => new Uint8Array(await (await fetch(url)).arrayBuffer());
const network = await openFile(await read("model.onnx"), { manifest: await (await fetch("net.json")).json() });
const image = await read("photo.png");
const { figures } = await run("cam", network, { image }, { target: "top-1" });
const svg = drawFigure((await encodeFigures(figures)).figure);

const map = document.createElement("convscope-map");
const job = { method: "cam", model: "model.onnx", image: "photo.png", options: "target=top-1", manifest: "net.json" };
for (const [name, value] of Object.entries(job)) map.setAttribute(name, value);
const { detail } = await new Promise((resolve, reject) => {
  map.addEventListener("result", resolve);
  map.addEventListener("error", (event) => reject(event.detail));
  document.body.append(map);
});
globalThis.drawn = [svg, drawFigure(detail.figure)];
`;

test.skipIf(noBrowser)("a page that Vite bundles makes the same map in Chromium", async () => {
  const root = await emptyProject("page");
  await Deno.mkdir(join(root, "public"));
  for (const file of ["model.onnx", "photo.png"]) {
    await Deno.rename(join(root, file), join(root, "public", file));
  }
  await Deno.writeTextFile(join(root, "public/net.json"), JSON.stringify({ input: INPUT }));
  await Deno.writeTextFile(join(root, "main.js"), PAGE);
  await Deno.writeTextFile(
    join(root, "index.html"),
    '<!doctype html><title>A page</title><script type="module" src="/main.js"></script>',
  );
  await build({ root, configFile: false, logLevel: "error", worker: { format: "es" } });
  await using server = serveFolder(join(root, "dist"));
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    const complaints = watchComplaints(page, (text) => text.startsWith("Failed to load resource"));
    await page.goto(server.origin);
    const drawn = await page.waitForFunction(() => (globalThis as { drawn?: string[] }).drawn);
    const { svg } = await expected();
    expect(await drawn.jsonValue()).toEqual([svg, svg]);
    expect(complaints).toEqual([]);
  } finally {
    await browser.close();
  }
});

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html",
  js: "text/javascript",
  mjs: "text/javascript",
  wasm: "application/wasm",
};

function serveFolder(root: string): AsyncDisposable & { readonly origin: string } {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const path = new URL(request.url).pathname.replace(/\/$/, "/index.html");
    const file = await Deno.readFile(join(root, path)).catch(() => undefined);
    const type = TYPES[path.split(".").at(-1)!] ?? "application/octet-stream";
    return new Response(file, { status: file ? 200 : 404, headers: { "Content-Type": type } });
  });
  const { port } = server.addr;
  return {
    origin: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
