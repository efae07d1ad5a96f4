import type { AstroComponentFactory } from "astro/runtime/server/index.js";

/** The text of explanations/<id>.md: formula, settings, and where the technique fails. */
const files = import.meta.glob<{ readonly Content: AstroComponentFactory }>(
  "../explanations/*.md",
  { eager: true },
);

/** What there is to say about a technique; undefined if nobody wrote it. */
export function explanationOf(id: string): AstroComponentFactory | undefined {
  return files[`../explanations/${id}.md`]?.Content;
}
