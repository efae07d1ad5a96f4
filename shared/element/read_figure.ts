import { InputError } from "../errors.ts";
import type { FigureDocument } from "../figure/figure.ts";

export interface ReadFigureOptions {
  /** Which figure of a result. @default its first */
  readonly name?: string;
  readonly signal?: AbortSignal;
}

/**
 * Reads a figure document, be it alone or one of the `figures` of a result. Files beside it are
 * found beside it.
 *
 * @throws {InputError} If there is none at the address.
 */
export async function readFigure(
  url: URL,
  { name, signal }: ReadFigureOptions = {},
): Promise<FigureDocument> {
  const response = await fetch(url, { signal });
  if (!response.ok) {
    throw new InputError(`Cannot read the figure ${url}: the answer is ${response.status}`);
  }
  const value: unknown = await response.json().catch(() => undefined);
  const found = isFigure(value) ? value : pickFigure(figuresOf(value), name);
  if (!isFigure(found)) {
    throw new InputError(
      `Cannot show ${url}: it is no figure document, expected an object with title, caption and ` +
        "panels, or a result with figures",
    );
  }
  return besideOf(found, url);
}

/**
 * One of several figures.
 *
 * @throws {InputError} If there is none of that name; with those there are.
 */
export function pickFigure<T>(figures: Readonly<Record<string, T>>, name?: string): T | undefined {
  if (name === undefined) return Object.values(figures)[0];
  if (Object.hasOwn(figures, name)) return figures[name];
  const names = Object.keys(figures).map((known) => `"${known}"`).join(", ");
  throw new InputError(`Cannot show the figure "${name}": there are ${names || "none"}`);
}

function isFigure(value: unknown): value is FigureDocument {
  const { title, caption, panels } = Object(value) as Partial<Record<string, unknown>>;
  return typeof title === "string" && typeof caption === "string" && Array.isArray(panels);
}

function figuresOf(value: unknown): Readonly<Record<string, unknown>> {
  const { figures } = Object(value) as { readonly figures?: unknown };
  return Object(figures);
}

function besideOf(figure: FigureDocument, base: URL): FigureDocument {
  return {
    ...figure,
    panels: figure.panels.map((panel) => ({
      ...panel,
      layers: panel.layers.map((layer) =>
        layer.kind === "encoded" ? { ...layer, href: new URL(layer.href, base).href } : layer
      ),
    })),
  };
}
