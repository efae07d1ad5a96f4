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

/**
 * Takes an image by file dialogue, drop, paste or sample.
 *
 * @param onChoice Told of every choice.
 */
export function imageInput(onChoice: (image: ChosenImage) => void): void {
  const input = element("file", HTMLInputElement);
  const zone = element("drop", HTMLElement);
  const preview = element("preview", HTMLImageElement);
  const name = element("file-name", HTMLElement);

  function choose(blob: Blob, title: string, path: string, isSample = false): void {
    URL.revokeObjectURL(preview.src);
    preview.src = URL.createObjectURL(blob);
    preview.hidden = false;
    name.textContent = title;
    onChoice({ blob, name: title, path, isSample });
  }

  function chooseFile(files: FileList | null | undefined): void {
    const file = [...files ?? []].find((one) => !isNetworkFile(one));
    if (file) choose(file, file.name, file.name);
  }

  // A file that no browser can show is still sent: the server says what is wrong with it.
  preview.addEventListener("error", () => preview.hidden = true);
  input.addEventListener("change", () => chooseFile(input.files));
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
    button.addEventListener("click", async () => {
      const response = await fetch(button.dataset.sample!);
      choose(await response.blob(), button.dataset.name!, pathOf(button.dataset.sample!), true);
    });
  }
}

/** The samples of glyphnet lie beside it in the project; the build copies them. */
const pathOf = (sample: string) =>
  sample.includes("/glyphs/")
    ? sample.replace(/^.*\/glyphs\//, "models/glyphnet/samples/")
    : sample.replace(/^.*\/samples\//, "site/public/samples/");
