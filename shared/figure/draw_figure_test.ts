import { expect, test } from "vitest";
import { VIRIDIS } from "../image/colormap.ts";
import { decodeImage } from "../image/decode_image.ts";
import { drawFigure } from "./draw_figure.ts";
import { encodeFigure } from "./encode_figure.ts";
import type { Figure, HeatMapLayer, Panel } from "./figure.ts";
import { figureHtml } from "./figure_html.ts";
import { renderPng } from "./render_png.ts";

const grid: HeatMapLayer = {
  kind: "heat map",
  grid: { width: 2, height: 1, values: [0, 1] },
  colormap: VIRIDIS,
  range: { min: 0, max: 1 },
  isPixelated: true,
};

const panel: Panel = {
  id: "map",
  title: "Größe, μέγεθος, размер",
  text: 'A < B & "C" \u0007',
  width: 2,
  height: 1,
  layers: [grid],
  scale: { colormap: VIRIDIS, range: { min: 0, max: 1 }, caption: "share" },
};

const figure = (panels: readonly Panel[], columns?: number): Figure => ({
  title: "Title",
  caption: "Caption",
  panels,
  columns,
});

test("text is text, escaped, without what XML does not allow", async () => {
  const svg = drawFigure(await encodeFigure(figure([panel])));
  expect(svg).toContain(">Größe, μέγεθος, размер</text>");
  expect(svg).toContain(">A &lt; B &amp; &quot;C&quot; \ufffd</text>");
});

test("panels stand side by side, row by row", async () => {
  const size = async (count: number, columns?: number) => {
    const panels = Array.from({ length: count }, (_, i) => ({ ...panel, id: `map-${i}` }));
    const svg = drawFigure(await encodeFigure(figure(panels, columns)));
    const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg)!.map(Number);
    return { width, height };
  };
  const one = await size(1);
  expect((await size(3)).width).toBe(3 * (one.width - 48) + 2 * 28 + 48);
  expect((await size(3)).height).toBe(one.height);
  expect((await size(4, 1)).width).toBe(one.width);
  expect((await size(4, 1)).height).toBeGreaterThan(3 * one.height);
});

test("an image of two panels is embedded once", async () => {
  const image = { width: 1, height: 1, data: Uint8ClampedArray.of(1, 2, 3, 255) };
  const shown: Panel = { ...panel, layers: [{ kind: "image", image }] };
  const document = await encodeFigure(figure([shown, { ...shown, id: "again" }]));
  expect(drawFigure(document).match(/data:image/g)).toHaveLength(1);
});

test("as PNG the cells of a map have their colours to the edge, and letters of three scripts ink", async () => {
  const { title, text } = panel;
  const svg = drawFigure(await encodeFigure(figure([{ ...panel, text: "" }])));
  const drawn = await decodeImage(await renderPng(svg));
  const bare = drawFigure(await encodeFigure(figure([{ ...panel, title: "", text }])));
  expect(drawn.width).toBe(2 * Number(/width="(\d+)"/.exec(bare)![1]));
  const colors = new Set<string>();
  const row = drawn.data.subarray(4 * drawn.width * Math.round(0.55 * drawn.height));
  for (let x = 0; x < drawn.width; x++) colors.add(String(row.subarray(4 * x, 4 * x + 3)));
  // White beside the panel, and nothing between the two cells.
  expect(colors).toEqual(new Set(["255,255,255", "68,1,84", "253,231,37"]));
  const inkOf = async (title: string) => {
    const { data } = await decodeImage(
      await renderPng(drawFigure(await encodeFigure(figure([{ ...panel, title, text: "" }])))),
    );
    return data.reduce((sum, level) => sum + 255 - level, 0);
  };
  // A box for a letter that the font lacks would be the same for each.
  const inks = await Promise.all(["μ", "ж", "ß"].map(inkOf));
  expect(new Set(inks).size).toBe(3);
  expect(title).toMatch(/^Größe/);
});

test("in a page each panel is an element of its own", async () => {
  const html = figureHtml(await encodeFigure(figure([panel, { ...panel, id: "b" }])), "x-");
  expect(html.match(/<svg[^>]*class="figure-panel"/g)).toHaveLength(2);
  expect(html).toContain("<strong>Title</strong>");
});
