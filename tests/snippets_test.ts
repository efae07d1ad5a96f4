/** Every piece of code in the documents and docstrings is run, or held against what it names. */
import { join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runIn } from "./package/install_package.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const DOCUMENTS = ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", ...await listed("docs")];
const SOURCES = await sourcesOf("shared");

/** What documents name and commands make. */
const MADE_LATER: readonly string[] = ["site/dist", "site/gallery-own"];

interface Snippet {
  readonly file: string;
  readonly language: string;
  readonly code: string;
}

async function listed(folder: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(join(ROOT, folder)));
  return entries.filter(({ name }) => name.endsWith(".md")).map(({ name }) => `${folder}/${name}`);
}

async function sourcesOf(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(join(ROOT, folder))) {
    const path = `${folder}/${name}`;
    if (isDirectory) found.push(...await sourcesOf(path));
    else if (name.endsWith(".ts")) found.push(path);
  }
  return found.sort();
}

async function snippetsOf(file: string): Promise<Snippet[]> {
  const text = await Deno.readTextFile(join(ROOT, file));
  const bare = file.endsWith(".ts") ? text.replaceAll(/^ *\* ?/gm, "") : text;
  return [...bare.matchAll(/^```(\w+)\n([^]*?)^```/gm)]
    .map(([, language, code]) => ({ file, language, code }));
}

const snippets = (await Promise.all([...DOCUMENTS, ...SOURCES].map(snippetsOf))).flat();
const inLanguage = (language: string) => snippets.filter((found) => found.language === language);

/** Those of the package run where it is installed (tests/package), those of recipes are parts. */
const programs = inLanguage("ts").filter(({ code, file }) =>
  !code.includes('from "@convscope/') && file !== "CONTRIBUTING.md"
);

let folder: string;
beforeAll(async () => {
  folder = await Deno.makeTempDir();
  await Deno.symlink(join(ROOT, "models"), join(folder, "models"));
});
afterAll(() => Deno.remove(folder, { recursive: true }));

test("there are programs in the README and in docstrings", () => {
  const files = programs.map(({ file }) => file);
  expect(files).toContain("README.md");
  expect(files).toContain("shared/grad/differentiate.ts");
});

test.each(programs)("the program in $file is compiled and runs", async ({ file, code }) => {
  const base = pathToFileURL(join(ROOT, file));
  const there = code.replaceAll(
    /from "(\.[^"]+)"/g,
    (_all, path: string) => `from "${new URL(path, base)}"`,
  );
  const script = join(folder, `${relative(".", file).replaceAll(/\W/g, "-")}.ts`);
  await Deno.writeTextFile(script, there);
  const config = join(ROOT, "deno.json");
  const args = ["run", "--quiet", "--check", "--config", config, "--allow-read", "--allow-write=."];
  await runIn(folder, Deno.execPath(), [...args, script]);
});

test("every task that a command names is there", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile(join(ROOT, "deno.json")));
  const commands = inLanguage("sh").map(({ code }) => code).join("\n");
  const named = [...commands.matchAll(/\btask ([\w:]+)/g)].map(([, name]) => name);
  expect(named.length).toBeGreaterThan(10);
  expect(Object.keys(tasks)).toEqual(expect.arrayContaining([...new Set(named)]));
});

test.each(inLanguage("json"))("the JSON in $file is JSON", ({ code }) => {
  expect(() => JSON.parse(code)).not.toThrow();
});

/** A file or folder of the project, as documents name it. */
const PATH = /`((?:functions|shared|site|scripts|models|tests)\/[\w./\-[\]]+)`/g;

test.each(DOCUMENTS)("every file that %s names is there", async (file) => {
  const text = await Deno.readTextFile(join(ROOT, file));
  const missing: string[] = [];
  for (const [, path] of text.matchAll(PATH)) {
    if (!await Deno.stat(join(ROOT, path)).catch(() => undefined)) missing.push(path);
  }
  expect(missing.filter((path) => !MADE_LATER.includes(path))).toEqual([]);
});
