import { readImageHeader } from "../../../shared/image/image_header.ts";
import { element } from "./element.ts";
import { isNetworkFile } from "./local/dropped_files.ts";

/** An image that somebody chose. */
export interface ChosenImage {
  readonly blob: Blob;
  readonly name: string;
  /** Where a command finds it: of the page's own, in the project. */
  readonly path: string;
  /** Whether it is one of the page's own: its name may stand in an address. */
  readonly isSample: boolean;
}

export interface ImageInput {
  /** Takes an image from elsewhere. */
  choose(image: ChosenImage): void;
  /** Resolved once the file that was chosen last is an image, or said to be none. */
  settled(): Promise<void>;
}

/**
 * Takes an image by file dialogue, drop, paste or sample.
 *
 * @param onChoice Told of every choice.
 */
export function imageInput(onChoice: (image: ChosenImage) => void): ImageInput {
  const input = element("file", HTMLInputElement);
  const zone = element("drop", HTMLElement);
  const preview = element("preview", HTMLImageElement);
  const name = element("file-name", HTMLElement);
  let reading = Promise.resolve();
  /** How often something has been chosen: what is read slower than a later choice is none. */
  let turn = 0;

  function choose(image: ChosenImage): void {
    turn++;
    URL.revokeObjectURL(preview.src);
    preview.src = URL.createObjectURL(image.blob);
    preview.hidden = false;
    name.classList.remove("fault");
    name.textContent = image.name;
    onChoice(image);
  }

  /** What is no image that can be read is said to be none, and nothing else is lost. */
  async function read(title: string, open: () => Promise<ChosenImage>): Promise<void> {
    const own = ++turn;
    try {
      const image = await open();
      if (own === turn) choose(image);
    } catch (error) {
      if (own !== turn) return;
      name.classList.add("fault");
      name.textContent = `${title}: ${error instanceof Error ? error.message : error}`;
    }
  }

  function chooseFile(files: Iterable<File> | null | undefined): void {
    const file = [...files ?? []].find((one) => !isNetworkFile(one));
    if (!file) return;
    reading = read(file.name, async () => {
      readImageHeader(new Uint8Array(await file.arrayBuffer()));
      return { blob: file, name: file.name, path: file.name, isSample: false };
    });
  }

  // A browser may know fewer formats than this project.
  preview.addEventListener("error", () => preview.hidden = true);
  input.addEventListener("change", () => {
    chooseFile(input.files);
    // The same file can be chosen again, after another one.
    input.value = "";
  });
  zone.addEventListener("dragover", (event) => {
    event.preventDefault();
    zone.classList.add("over");
  });
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    chooseFile(event.dataTransfer?.files);
  });
  document.addEventListener("paste", (event) => {
    const files = event.clipboardData?.files;
    if (!files?.length) return;
    event.preventDefault();
    chooseFile(files);
  });
  for (const button of document.querySelectorAll<HTMLButtonElement>("[data-sample]")) {
    button.addEventListener("click", () => {
      const { sample, name } = button.dataset;
      reading = read(name!, async () => {
        const blob = await (await fetch(sample!)).blob();
        return { blob, name: name!, path: pathOf(sample!), isSample: true };
      });
    });
  }
  return { choose, settled: () => reading };
}

/** The samples of glyphnet lie beside it in the project; the build copies them. */
const pathOf = (sample: string) =>
  sample.includes("/glyphs/")
    ? sample.replace(/^.*\/glyphs\//, "models/glyphnet/samples/")
    : sample.replace(/^.*\/samples\//, "site/public/samples/");
