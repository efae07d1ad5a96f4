import type { GalleryFigure } from "../../../shared/gallery/gallery_figure.ts";
import { element } from "./element.ts";
import { MapView } from "./map_view.ts";

const section = element("explorer", HTMLElement);
const canvas = element("embedding-map", HTMLCanvasElement);
const pointed = element("pointed", HTMLElement);
const choices = document.querySelectorAll<HTMLInputElement>("input[name=layout]");
const folder = section.dataset.url!;

/** Side of a thumbnail in the atlas, in pixels. */
const THUMB = 32;

const figures = new Map<string, Promise<GalleryFigure>>();

function figureOf(id: string): Promise<GalleryFigure> {
  const known = figures.get(id) ?? fetch(`${folder}${id}.json`).then((answer) => answer.json());
  figures.set(id, known);
  return known;
}

/** The chosen layout: the places of the images within the unit square. */
async function chosenPlaces(): Promise<Float32Array> {
  const choice = [...choices].find(({ checked }) => checked)!;
  const { arrays } = await figureOf(choice.value);
  return intoUnitSquare(arrays[choice.dataset.array!].data);
}

/** One scale for both axes, so that distances stay comparable. */
function intoUnitSquare(data: readonly number[]): Float32Array {
  const ends = [0, 1].map((axis) => {
    const values = data.filter((_, i) => i % 2 === axis);
    return [Math.min(...values), Math.max(...values)] as const;
  });
  const extent = Math.max(...ends.map(([low, high]) => high - low)) || 1;
  return Float32Array.from(data, (value, i) => {
    const [low, high] = ends[i % 2];
    return 0.5 + (value - (low + high) / 2) / extent;
  });
}

async function begin(): Promise<void> {
  const first = await figureOf(choices[0].value);
  const { atlasColumns, labels, names } = first.measures as {
    atlasColumns: number;
    labels: readonly string[] | null;
    names: readonly string[];
  };
  const atlas = await createImageBitmap(
    await (await fetch(`${folder}${first.images.atlas.file}`)).blob(),
  );
  section.hidden = false;
  const view = new MapView(canvas, {
    atlas,
    columns: atlasColumns,
    thumb: THUMB,
    places: await chosenPlaces(),
    onPoint: (index) => {
      const text = index === undefined ? "" : labels?.[index] ?? names[index];
      pointed.textContent = text || "\u00a0";
    },
  });
  for (const choice of choices) {
    choice.addEventListener("change", async () => {
      const places = await chosenPlaces();
      if (choice.checked) view.moveTo(places);
    });
  }
}

begin();
