import { expect, test } from "vitest";
import { decodeImage } from "../shared/image/mod.ts";
import { renderScene } from "./scenes.ts";

const SITE = new URL("../site/", import.meta.url);
const DRAWINGS = new URL("samples/scenes/", SITE);
const NAMES = [...Deno.readDirSync(DRAWINGS)].map(({ name }) => name.replace(".svg", "")).sort();

test.each(NAMES)("%s.webp is the drawing, rendered", async (name) => {
  const svg = await Deno.readTextFile(new URL(`${name}.svg`, DRAWINGS));
  const there = await Deno.readFile(new URL(`public/samples/scenes/${name}.webp`, SITE));
  const [drawn, shipped] = [await decodeImage(await renderScene(svg)), await decodeImage(there)];
  expect([shipped.width, shipped.height]).toEqual([drawn.width, drawn.height]);
  // Renderer and encoder are WASM, and the same on every machine.
  expect(shipped.data).toEqual(drawn.data);
});
