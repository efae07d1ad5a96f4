/**
 * The recipes of CONTRIBUTING.md are all that it takes: each is followed in a copy of the project,
 * and then what it says is run there. The
 * copy lies at a path with a space and an umlaut.
 */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** What is built, fetched or large, and what no recipe touches. */
const LEFT_OUT = new Set([
  ...[".cache", ".git", "dist", "node_modules", "site/dist", "site/.astro"],
  ...["site/gallery", "site/gallery-own", "docs/sheets", "models/own"],
]);

let folder: string;
/** As a person may have named it. */
let copy: string;

beforeAll(async () => {
  folder = await Deno.makeTempDir();
  copy = join(folder, "Prüf ordner");
  await copyFolder("");
  await Deno.symlink(join(ROOT, "node_modules"), join(copy, "node_modules"));
});

afterAll(() => Deno.remove(folder, { recursive: true }));

async function copyFolder(folder: string): Promise<void> {
  await Deno.mkdir(join(copy, folder), { recursive: true });
  for await (const { name, isDirectory, isFile } of Deno.readDir(join(ROOT, folder))) {
    const path = folder === "" ? name : `${folder}/${name}`;
    if (LEFT_OUT.has(path)) continue;
    if (isDirectory) await copyFolder(path);
    if (isFile) await Deno.copyFile(join(ROOT, path), join(copy, path));
  }
}

/** Writes a new file. */
async function add(path: string, text: string): Promise<void> {
  await Deno.mkdir(join(copy, dirname(path)), { recursive: true });
  await Deno.writeTextFile(join(copy, path), text, { createNew: true });
}

/** Adds to what stands in a file. */
async function edit(path: string, before: string, after: string): Promise<void> {
  const text = await Deno.readTextFile(join(copy, path));
  expect(text.split(before).length, `${path} has one "${before}"`).toBe(2);
  await Deno.writeTextFile(join(copy, path), text.replace(before, () => after));
}

/** What `deno task <args>` prints in the copy, where it has to succeed. */
async function task(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", ...args],
    cwd: copy,
    env: { NO_COLOR: "1", REQUIRE: "", MODEL_MIRROR: "" },
  }).output();
  const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  expect(code, text).toBe(0);
  return text;
}

/** Files that a table of CONTRIBUTING.md names, below its heading. */
async function filesOf(heading: string): Promise<string[]> {
  const text = await Deno.readTextFile(join(ROOT, "CONTRIBUTING.md"));
  const section = text.split(/^## /m).find((part) => part.startsWith(heading))!;
  return [...section.matchAll(/^\| +[\d-] +\| `([^`]+)`/gm)].map(([, file]) => file);
}

test("the gradient of an operator, as it is written there", async () => {
  expect(await filesOf("Add the gradient of an operator")).toEqual([
    "shared/grad/ops/<op>.ts",
    "shared/grad/ops/<op>_cases.ts",
    "shared/grad/rules.ts",
    "shared/onnx/operators.ts",
    "shared/onnx/shape/*_rules.ts",
    "shared/grad/gradient_case.ts",
    "docs/operators.md",
  ]);
  const text = await Deno.readTextFile(join(ROOT, "CONTRIBUTING.md"));
  const [rule, cases] = [...text.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code);
  const [, row, name] = /the row `(\w+: \{ rule: (\w+) \})`/.exec(text)!;
  await add("shared/grad/ops/cum_prod.ts", rule);
  await add("shared/grad/ops/cum_prod_cases.ts", cases);
  await edit(
    "shared/grad/rules.ts",
    "  DFT: {",
    `  ${row},\n  DFT: {`,
  );
  await edit(
    "shared/grad/rules.ts",
    "import { dftGradient }",
    `import { ${name} } from "./ops/cum_prod.ts";\nimport { dftGradient }`,
  );
  await edit("shared/onnx/operators.ts", " CumSum ", " CumProd CumSum ");
  await edit("shared/onnx/shape/elementwise_rules.ts", " CumSum ", " CumProd CumSum ");
  await edit(
    "shared/grad/gradient_case.ts",
    "  CumSum: 11,",
    "  CumProd: 26,\n  CumSum: 11,",
  );
  const said = await task("test", "tests/conformance/gradient", "-t", "CumProd|has cases");
  expect(said).toContain("CumProd / axis 1");
  await task("test", "tests/conformance/operators_test.ts");
});

const METHOD = `import type { ImageInputs, Method, Run } from "../../contract/method.ts";
import { float32 } from "../../tensor/tensor.ts";
import { type BrightnessOptions, brightnessOptions } from "./options.ts";

/** The mean of each channel of what the network sees. */
export const brightness: Method<BrightnessOptions, ImageInputs> = {
  id: "brightness",
  title: "Brightness",
  summary: "Says how bright an image is, as the network sees it.",
  paper: {
    title: "A toy",
    authors: "Nobody",
    venue: "Nowhere",
    year: 2000,
    url: "https://example.com",
  },
  takes: { image: "required" },
  options: brightnessOptions,
  run,
};

async function* run(
  _: unknown,
  { image: { tensor: { dims, data } } }: ImageInputs,
  { factor }: BrightnessOptions,
): Run {
  yield { done: 0, total: 1, unit: "images" };
  const area = dims[2] * dims[3];
  const means = Float32Array.from({ length: dims[1] }, (_, channel) => {
    const plane = data.subarray(channel * area, (channel + 1) * area);
    return factor * plane.reduce((sum, value) => sum + value, 0) / area;
  });
  const arrays = { means: float32(means, [means.length]) };
  return await Promise.resolve({ figures: {}, images: {}, arrays, measures: {} });
}
`;

const OPTIONS = `import { z } from "zod";

export const brightnessOptions = z.object({
  factor: z.number().min(0).max(10).default(1).describe("What the means are multiplied by."),
}).describe("Options of the brightness.");

export type BrightnessOptions = z.infer<typeof brightnessOptions>;
`;

const METHOD_TEST = `import { expect, test } from "vitest";
import { parseOptions } from "../../contract/parse_options.ts";
import { brightness } from "./mod.ts";

test("a factor below 0 is refused", () => {
  expect(() => parseOptions(brightness.options, { factor: "-1" })).toThrow("factor");
});
`;

test("a method", async () => {
  expect(await filesOf("Add a method")).toEqual([
    "shared/methods/<name>/options.ts",
    "shared/methods/<name>/mod.ts",
    "shared/methods/<name>/*_test.ts",
    "shared/methods/registry.ts",
    "shared/gallery/versions.ts",
    "site/src/scripts/workbench/cost.ts",
    "site/src/explanations/<name>.md",
    "functions/jobs/check_cost.ts",
    "scripts/figures/gallery.ts",
  ]);
  const folder = "shared/methods/brightness";
  await add(`${folder}/options.ts`, OPTIONS);
  await add(`${folder}/mod.ts`, METHOD);
  await add(`${folder}/brightness_test.ts`, METHOD_TEST);
  const row =
    '  { id: "brightness", load: async () => (await import("./brightness/mod.ts")).brightness },';
  await edit("shared/methods/registry.ts", '  { id: "cam",', `${row}\n  { id: "cam",`);
  await edit("shared/gallery/versions.ts", '  "cam": 1,', '  "brightness": 1,\n  "cam": 1,');
  await edit(
    "site/src/scripts/workbench/cost.ts",
    '  "class-model": synthesis,',
    '  "brightness": pass,\n  "class-model": synthesis,',
  );
  await add("site/src/explanations/brightness.md", "Brightness is the mean of a channel.\n");

  expect(await task("cli", "brightness", "--help")).toContain("What the means are multiplied by.");
  const image = "models/glyphnet/samples/owl.png";
  await task("cli", "brightness", "--image", image, "--out", "out", "--factor", "2", "--raw");
  expect([...Deno.readDirSync(join(copy, "out"))].map(({ name }) => name)).toContain("means.npy");
  const said = await task(
    ...["test", folder, "shared/methods/registry_test.ts", "shared/gallery/versions_test.ts"],
    ...["scripts/cli/common_options_test.ts", "tests/words_test.ts"],
    ...["site/src/scripts/workbench/cost_test.ts"],
  );
  expect(said).toContain("passed");
});

test("a network", async () => {
  const manifest = await Deno.readTextFile(join(ROOT, "models/manifests/glyphnet.json"));
  const { labels: { file } } = JSON.parse(manifest);
  await add(
    "models/manifests/toy.json",
    JSON.stringify({ ...JSON.parse(manifest), id: "toy", title: "Toy" }),
  );
  const names: string[] = JSON.parse(await Deno.readTextFile(join(ROOT, "models/labels", file)));
  await Deno.mkdir(join(copy, "photos"));
  for (const label of ["owl", "cup"]) {
    const from = join(ROOT, `models/glyphnet/samples/${label}.png`);
    const index = names.findIndex((name) => name.includes(label));
    await Deno.copyFile(from, join(copy, `photos/${index}_${label}.png`));
  }
  expect(await task("cli", "models")).toContain("toy");
  expect(await task("accuracy", "--photos", "photos", "toy")).toMatch(/toy +100\.0/);
});
