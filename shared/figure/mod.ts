/**
 * Figures: a result as a document, and what draws it as SVG, as PNG and in a page.
 *
 * @module
 */
export * from "./draw_figure.ts";
export { drawPanelBody, PANEL_WIDTH } from "./draw_panel.ts";
export * from "./encode_figure.ts";
export type * from "./figure.ts";
export * from "./figure_html.ts";
export * from "./on_source.ts";
export type { ThemeName } from "./theme.ts";
