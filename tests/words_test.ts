import { expect, test } from "vitest";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { z } from "zod";
import { methods } from "../shared/methods/registry.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Words that the field does not use, with the term to use instead. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/ways? to look/i, "method"],
  [/take it with you/i, "Downloads"],
  [
    /map of codes|layer's codes?\b|\bcodes? of (an image|a layer|some layers)/i,
    "features, embedding map",
  ],
  [/\bladder\b/i, "depth sweep, every layer"],
  [/\b(several|random|two|three|the) starts\b/i, "restarts"],
  [/\bexcit(e|es|ed|ing|ement)\b/i, "activate, respond"],
  [/(real|natural) (pictures?|patch(es)?)/i, "dataset examples, top-activating patches"],
  [/what it looks for|where it finds it/i, "feature visualization, top-activating patches"],
  [
    /class model\b|made from nothing|, from nothing/i,
    "class visualization, synthesised from noise",
  ],
  [/\bits (classes|layers|units)\b<\/h/i, "Classes, Layers, Units"],
  [/squish/i, "max over channels"],
  [/red: needed|in the way\b/i, "red supports the class, blue opposes it"],
  [/weights (are )?(drawn )?at random/i, "randomised weights"],
  [/how (pictures|images) enter/i, "preprocessing"],
  [/turned round when it is opened/i, "transposed from NHWC to NCHW on load"],
  [/thinks of last/i, "the least likely class"],
  [/how soon (a map|pages)/i, "progressive refinement, page load times"],
  [/how far (the (pictures|images|methods) can be trusted|to trust it)/i, "evaluation"],
  [/origins that may ask/i, "allowed origins (CORS)"],
  [/near (ones|names) are/i, "did you mean"],
  [/belongs to no option/i, "unexpected argument"],
  [/nobody foresaw/i, "internal error"],
  [/NaN or endless|that are no numbers/i, "non-finite values"],
  [/bend of itself/i, "x * f(x)"],
  [/cannot vouch/i, "Cannot verify"],
  [/make it again</i, "Reproduce"],
  [/reads most from|is read most by/i, "strongest inputs, strongest outputs"],
  [/(pictures|images) a second/i, "fps"],
  [/\bpictures?\b(?! elements?)/i, "image, photo, figure"],
  [/\btechniques?\b/i, "method"],
];

/** What a person reads: pages, texts and documents. */
const PLACES = [
  ["site/src/pages", /\.astro$/],
  ["site/src/components", /\.astro$/],
  ["site/src/layouts", /\.astro$/],
  ["site/src/explanations", /\.md$/],
  ["docs", /^(?!operators).*\.md$/],
  [".", /^(README|CONTRIBUTING|ARCHITECTURE)\.md$/],
] as const;

async function* filesIn(folder: string, name: RegExp): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(join(ROOT, folder))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory && folder !== ".") yield* filesIn(path, name);
    if (entry.isFile && name.test(entry.name)) yield path;
  }
}

/** Each of the wrong words in a text, with what to say. */
const faultsIn = (text: string) =>
  WORDS.flatMap(([wrong, right]) => {
    const found = wrong.exec(text);
    return found ? [`"${found[0]}": say ${right}`] : [];
  });

test.each(PLACES)("%s speaks the field's words", async (folder, name) => {
  for await (const path of filesIn(folder, name)) {
    const text = await Deno.readTextFile(join(ROOT, path));
    // Titles of papers are quoted as they are.
    expect(faultsIn(text.replaceAll(/"[^"\n]*"\s*\(/g, "")), path).toEqual([]);
  }
});

test.each(methods)("the help of $id speaks the field's words", async ({ load }) => {
  const { title, summary, options } = await load();
  const schema = JSON.stringify(z.toJSONSchema(options, { io: "input" }));
  expect(faultsIn([title, summary, schema].join("\n"))).toEqual([]);
});

test("a word that the field does not use is found", () => {
  expect(faultsIn("The LADDER of layers")).toEqual(['"LADDER": say depth sweep, every layer']);
});
