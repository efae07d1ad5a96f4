import type { ModelDetails } from "../../../shared/api/mod.ts";
import { element } from "./element.ts";
import { describeLocal, listLocal } from "./local/list_local.ts";
import { isFile } from "./local/network_store.ts";

/** The list of networks on the page. */
export interface ModelChoice {
  /** Lists the networks anew; chooses the one of that id. @returns Whether there is any. */
  list(chosen?: string): Promise<boolean>;
  /** Resolved once the network that was chosen last is described, or said to be none. */
  settled(): Promise<void>;
}

/**
 * Fills the list of networks, those of files first, and the classes of the one that is chosen.
 * Networks of files are computed with in the browser, and so is everything where no functions are.
 *
 * @param onChoice Told of every network that is chosen, the first too.
 * @param onError Told why one cannot be described.
 */
export function modelChoice(
  onChoice: (model: ModelDetails) => void,
  onError: (error: unknown) => void,
): ModelChoice {
  const select = element("model", HTMLSelectElement);
  const classes = element("classes", HTMLDataListElement);
  const layerNames = element("layers", HTMLDataListElement);
  const about = element("about-model", HTMLElement);
  const [server, browser] = ["server", "browser"].map((value) =>
    document.querySelector<HTMLInputElement>(`input[name="where"][value="${value}"]`)!
  );
  let hasServer = true;
  let describing = Promise.resolve();

  async function describe(): Promise<void> {
    const model = await describeLocal(select.value);
    const { id, labels, layers, licence, bytes, input } = model;
    if (id !== select.value) return;
    server.disabled = isFile(id) || !hasServer;
    if (server.disabled) browser.checked = true;
    classes.replaceChildren(...labels.map((label, i) => new Option("", `${label} (${i})`)));
    layerNames.replaceChildren(...layers.map(({ alias }) => new Option("", alias)));
    const size = bytes === null ? "" : `, ${(bytes / 1e6).toFixed(0)} MB`;
    about.textContent =
      `${labels.length} classes, ${input.width} × ${input.height} pixels${size}. ` +
      (isFile(id) ? "From your file; it stays in this browser." : `Licence: ${licence.name}.`);
    onChoice(model);
  }

  select.addEventListener("change", () => {
    describing = describe().catch(onError);
  });
  return {
    settled: () => describing,
    async list(chosen = select.value) {
      const found = await listLocal();
      hasServer = found.hasServer;
      // A page that comes with the functions may fetch from nowhere else.
      element("hub", HTMLElement).hidden = hasServer;
      const models = found.models.filter(({ id, available, classes }) =>
        isFile(id) || available && classes > 0
      );
      select.replaceChildren(...models.map(({ id, title }) => new Option(title, id)));
      if (models.some(({ id }) => id === chosen)) select.value = chosen;
      select.disabled = models.length === 0;
      if (models.length === 0) return false;
      const described = describe();
      describing = described.catch(() => {});
      await described;
      return true;
    },
  };
}

/** The class that a person typed, as the server takes it: an index, a label, or nothing. */
export function classOf(text: string): string {
  return /\((\d+)\)\s*$/.exec(text)?.[1] ?? text.trim();
}
