import { colorAt } from "../image/colormap.ts";
import { encodeJpeg, encodePng } from "../image/encode_image.ts";
import { heatmap, positionOf, sampleGrid } from "../image/heatmap.ts";
import { type Image, isOpaque } from "../image/image.ts";
import type { DocumentLayer, Figure, FigureDocument, HeatMapLayer, Layer } from "./figure.ts";

/** Makes an address of an image's pixels: a data URL, a file that it writes. */
export type EncodeImage = (
  image: Image,
  settings: { readonly isExact: boolean },
) => Promise<string>;

/** A smooth heat map is interpolated up to this many pixels on its longer side. */
const SMOOTH_SIDE = 448;

/**
 * Paints the heat maps of a figure and encodes its images, each once.
 *
 * @param encode By default data URLs, which every reader of SVG shows.
 */
export async function encodeFigure(
  figure: Figure,
  encode: EncodeImage = dataUrl,
): Promise<FigureDocument> {
  const known = new Map<Image, Promise<string>>();
  const once = (image: Image, isExact: boolean) => {
    if (!known.has(image)) known.set(image, encode(image, { isExact }));
    return known.get(image)!;
  };
  const encoded = async (layer: Layer): Promise<DocumentLayer> => {
    if (layer.kind === "heat map") {
      const { grid: _grid, colormap: _map, range: _range, ...placed } = layer;
      const href = await once(paint(layer), layer.isPixelated ?? false);
      return { ...placed, kind: "encoded", href };
    }
    if (layer.kind !== "image") return layer;
    const { image, ...placed } = layer;
    return { ...placed, kind: "encoded", href: await once(image, layer.isPixelated ?? false) };
  };
  const panels = figure.panels.map(async (panel) => ({
    ...panel,
    layers: await Promise.all(panel.layers.map(encoded)),
  }));
  return { ...figure, panels: await Promise.all(panels) };
}

/** All figures of a result, with data URLs. */
export async function encodeFigures(
  figures: Readonly<Record<string, Figure>>,
): Promise<Record<string, FigureDocument>> {
  const entries = Object.entries(figures).map(async ([name, figure]) =>
    [name, await encodeFigure(figure)] as const
  );
  return Object.fromEntries(await Promise.all(entries));
}

/** The source of many figures is one image. */
const jpegUrls = new WeakMap<Image, Promise<string>>();

/** PNG where each pixel counts or some are transparent, else JPEG: resvg reads no WebP. */
function dataUrl(image: Image, { isExact }: { readonly isExact: boolean }): Promise<string> {
  if (isExact || !isOpaque(image)) return Promise.resolve(urlOf("png", encodePng(image)));
  const url = jpegUrls.get(image) ?? encodeJpeg(image, 92).then((bytes) => urlOf("jpeg", bytes));
  jpegUrls.set(image, url);
  return url;
}

const urlOf = (type: "png" | "jpeg", bytes: Uint8Array): string =>
  `data:image/${type};base64,${bytes.toBase64()}`;

/** Numbers that are no numbers are left transparent. */
function paint({ grid, colormap, range, isPixelated, at }: HeatMapLayer): Image {
  const side = Math.max(grid.width, grid.height);
  if (isPixelated || side >= SMOOTH_SIDE) {
    return transparentHoles(heatmap(grid, colormap, range), grid.values);
  }
  const shape = at ?? grid;
  const factor = SMOOTH_SIDE / Math.max(shape.width, shape.height);
  const width = Math.max(grid.width, Math.round(shape.width * factor));
  const height = Math.max(grid.height, Math.round(shape.height * factor));
  const data = new Uint8ClampedArray(4 * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const value = sampleGrid(grid, (x + 0.5) / width, (y + 0.5) / height);
      if (Number.isNaN(value)) continue;
      const pixel = 4 * (y * width + x);
      data.set(colorAt(colormap, positionOf(value, range)), pixel);
      data[pixel + 3] = 255;
    }
  }
  return { width, height, data };
}

function transparentHoles(image: Image, values: ArrayLike<number>): Image {
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) image.data.fill(0, 4 * i, 4 * i + 4);
  }
  return image;
}
