import { encodePng } from "../../shared/image/encode_image.ts";
import { normalAt, uniformAt } from "../../shared/tensor/random.ts";

/** Side of a thumbnail, in pixels. */
const THUMB = 32;
/** Heaps that the points lie in, and their extent where the heaps' is 1. */
const HEAPS = 40;
const SPREAD = 0.15;

/** What the embedding map fetches: a figure's JSON, and the thumbnails in one image. */
export interface ExplorerData {
  readonly figure: string;
  readonly atlas: Uint8Array;
}

/** `count` images in heaps, as an embedding lays them out; the same ones each time. */
export function explorerData(count: number): ExplorerData {
  const columns = Math.ceil(Math.sqrt(count));
  const points = Array.from(
    { length: 2 * count },
    (_, i) => normalAt(1, 2 * ((i >> 1) % HEAPS) + i % 2) + SPREAD * normalAt(2, i),
  );
  const cells = Array.from({ length: 2 * count }, (_, i) => {
    const at = i >> 1;
    return i % 2 === 0 ? at % columns : Math.floor(at / columns);
  });
  const names = Array.from({ length: count }, (_, i) => `image ${i}`);
  const figure = {
    measures: { atlasColumns: columns, labels: null, names },
    images: { atlas: { file: "atlas.png" } },
    arrays: {
      points: { dims: [count, 2], data: points },
      cells: { dims: [count, 2], data: cells },
    },
  };
  return { figure: JSON.stringify(figure), atlas: encodePng(atlasOf(count, columns)) };
}

/** Thumbnails of a colour each, darker towards the lower right. */
function atlasOf(count: number, columns: number) {
  const [width, height] = [columns * THUMB, Math.ceil(count / columns) * THUMB];
  const data = new Uint8ClampedArray(4 * width * height).fill(255);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const index = Math.floor(y / THUMB) * columns + Math.floor(x / THUMB);
      const shade = 1 - ((x % THUMB) + (y % THUMB)) / (4 * THUMB);
      for (let c = 0; c < 3; c++) {
        data[4 * (y * width + x) + c] = 255 * shade * uniformAt(3, 3 * index + c);
      }
    }
  }
  return { width, height, data };
}
