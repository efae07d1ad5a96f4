import { drawPanelBody, encodeFigure, type Figure } from "../../shared/figure/mod.ts";
import { renderPng } from "../../shared/figure/render_png.ts";
import { decodeImage } from "../../shared/image/decode_image.ts";
import type { Image } from "../../shared/image/image.ts";

/** Pixels on the longer side. */
const SIDE = 320;

/**
 * What a panel of a figure shows, without its words.
 *
 * @param panelId Its id, or the beginning of it before a dash.
 * @throws {RangeError} If there is no such panel.
 */
export async function thumbnailOf(figure: Figure, panelId: string): Promise<Image> {
  const panel = figure.panels.find(({ id }) => id === panelId || id.startsWith(`${panelId}-`));
  if (!panel) {
    const ids = figure.panels.map(({ id }) => id).join(", ");
    throw new RangeError(`Cannot show the panel "${panelId}": the figure has ${ids}`);
  }
  const { panels: [document] } = await encodeFigure({ ...figure, panels: [panel] });
  const scale = SIDE / Math.max(panel.width, panel.height);
  return await decodeImage(await renderPng(drawPanelBody(document, scale), { factor: 1 }));
}
