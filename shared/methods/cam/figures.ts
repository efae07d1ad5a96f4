import {
  BLUE_RED,
  colorBar,
  enlarge,
  formatNumber,
  heatmap,
  type Image,
  montage,
  overlay,
  resize,
  valueRange,
  VIRIDIS,
} from "../../image/mod.ts";
import { numbered } from "../../contract/numbered.ts";
import { bodySize, drawPanel, FONT_SCALE } from "../../contract/panel.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { ClassMap } from "./class_map.ts";
import type { CamMethod } from "./options.ts";

const TITLES: Readonly<Record<CamMethod, string>> = {
  "gradcam": "Grad-CAM",
  "gradcam++": "Grad-CAM++",
  "hirescam": "HiResCAM",
  "layercam": "LayerCAM",
  "xgradcam": "XGrad-CAM",
  "scorecam": "Score-CAM",
};

/** What the images are made of. */
export interface CamView {
  /** The image as the network sees it. */
  readonly image: Image;
  readonly maps: readonly ClassMap[];
  /** Guided Grad-CAM of each class, [1, C, H, W]; none where it was not asked for. */
  readonly guided: readonly Tensor<"float32">[];
  readonly layer: string;
  readonly method: CamMethod;
  readonly quantity: string;
}

/**
 * The maps as images: after ReLU over the image, the cells as they are, and Guided Grad-CAM. All
 * classes share one scale.
 */
export function camImages(view: CamView): Record<string, Image> {
  const { maps } = view;
  const range = valueRange(maps.flatMap(({ map }) => Array.from(map)), BLUE_RED.kind);
  const most = Math.max(0, ...maps.flatMap(({ map }) => Array.from(map)));
  const panels = maps.map((map, i) => ({
    overlay: overlayPanel(view, map, most),
    cells: cellsPanel(view, map, range),
    ...view.guided[i] && { guided: guidedPanel(view, map, view.guided[i]) },
  }));
  const tiles = panels.flatMap((row) => Object.values(row)).map((image) => ({ image }));
  return {
    ...numbered("overlay", panels.map((row) => row.overlay)),
    ...numbered("cells", panels.map((row) => row.cells)),
    ...numbered("guided", panels.flatMap((row) => row.guided ?? [])),
    figure: montage(tiles, { columns: view.guided.length > 0 ? 3 : 2, gap: 0 }),
  };
}

function overlayPanel({ image, layer, method, quantity }: CamView, map: ClassMap, most: number) {
  const size = bodySize(image.height, image.width);
  const values = map.map.map((value) => Math.max(0, value));
  // A range without extent would show no evidence at all as the middle of the scale.
  const range = { min: 0, max: most || 1 };
  const body = overlay(
    resize(image, size.width, size.height),
    { width: map.width, height: map.height, values },
    VIRIDIS,
    { range },
  );
  const caption = "evidence for the class";
  return drawPanel({
    title: nameOf(map),
    text: `${TITLES[method]} of its ${quantity} (${formatNumber(map.score)}) at ${layer}` +
      (values.some((value) => value > 0) ? "" : "; no position supports it"),
    body,
    legend: colorBar(VIRIDIS, range, { width: size.width, caption, scale: FONT_SCALE }),
  });
}

function cellsPanel(
  { layer }: CamView,
  { map, width, height }: ClassMap,
  range: ReturnType<typeof valueRange>,
): Image {
  const size = bodySize(height, width);
  const cells = heatmap({ width, height, values: map }, BLUE_RED, range);
  const body = enlarge(cells, size.width / width);
  const caption = "red supports, blue opposes";
  return drawPanel({
    title: "Before ReLU",
    text: `The ${height} x ${width} positions of ${layer}`,
    body,
    legend: colorBar(BLUE_RED, range, { width: body.width, caption, scale: FONT_SCALE }),
  });
}

/** Signed, summed over the colour channels. */
function guidedPanel({ image }: CamView, map: ClassMap, { data, dims }: Tensor<"float32">) {
  const [, channels, height, width] = dims;
  const area = height * width;
  const values = Float32Array.from({ length: area }, (_, i) => {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += data[c * area + i];
    return sum;
  });
  const sizes = values.map(Math.abs).sort();
  const most = sizes[Math.floor(0.995 * (area - 1))] || sizes[area - 1] || 1;
  const range = { min: -most, max: most };
  const size = bodySize(image.height, image.width);
  const body = resize(heatmap({ width, height, values }, BLUE_RED, range), size.width, size.height);
  const caption = "sum over the colour channels";
  return drawPanel({
    title: "Guided Grad-CAM",
    text: `Guided backpropagation of ${nameOf(map)}, times the map after ReLU`,
    body,
    legend: colorBar(BLUE_RED, range, { width: size.width, caption, scale: FONT_SCALE }),
  });
}

/** The first of the synonyms that an ImageNet label lists. */
const nameOf = ({ label }: ClassMap) => label.split(",")[0];
