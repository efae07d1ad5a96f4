import type { FigureDocument } from "../../../shared/figure/mod.ts";
import { fileUrl } from "./paths.ts";

/** A document of the gallery, its files as addresses of the site. */
export function withUrls(document: FigureDocument): FigureDocument {
  return {
    ...document,
    panels: document.panels.map((panel) => ({
      ...panel,
      layers: panel.layers.map((layer) =>
        layer.kind === "encoded" ? { ...layer, href: fileUrl(layer.href) } : layer
      ),
    })),
  };
}
