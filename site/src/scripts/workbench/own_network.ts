import { element } from "../element.ts";
import { droppedFiles, isNetworkFile } from "../local/dropped_files.ts";
import { forgetFiles, keptFiles } from "../local/network_store.ts";
import { localProblem } from "../local/local_problem.ts";
import { openFromHub } from "../local/open_from_hub.ts";
import { openFiles, openKept } from "../local/open_files.ts";
import type { Answers, OpenedFile, Opening, Question } from "../local/opened_file.ts";
import { ApiError } from "../api.ts";

const STAGES: Readonly<Record<Opening["stage"], string>> = {
  fetching: "Fetching",
  reading: "Reading",
  loading: "Loading",
};

/**
 * Opens networks out of files that a person chooses or drops anywhere on the page; they never leave
 * the browser. What the files do not say is asked, with what was taken until it is answered.
 *
 * @param onOpen Told of every network that is opened.
 * @param onForget Told when all are forgotten.
 */
export function ownNetwork(
  onOpen: (opened: OpenedFile) => void,
  onForget: () => void,
): void {
  const input = element("network-files", HTMLInputElement);
  const status = element("network-status", HTMLElement);
  const questions = element("network-questions", HTMLElement);
  const forget = element("forget-networks", HTMLButtonElement);
  let opening: AbortController | undefined;

  async function open(
    job: (options: Parameters<typeof openFiles>[2]) => Promise<OpenedFile>,
  ): Promise<void> {
    opening?.abort();
    const { signal } = opening = new AbortController();
    status.classList.remove("fault");
    status.textContent = "Opening …";
    try {
      const opened = await job({
        signal,
        onProgress: ({ stage, done, total }) =>
          status.textContent = `${STAGES[stage]}: ${(done / 1e6).toFixed(0)} of ` +
            `${(total / 1e6).toFixed(0)} MB`,
      });
      status.textContent = opened.notes.join(" ");
      questions.replaceChildren(...opened.questions.map((asked) => field(asked, opened.id)));
      forget.hidden = false;
      onOpen(opened);
    } catch (error) {
      if (signal.aborted) return;
      status.classList.add("fault");
      status.textContent = (error instanceof ApiError ? error.problem : localProblem(error)).detail;
    }
  }

  function field(question: Question, id: string): HTMLElement {
    const box = document.createElement("label");
    const select = document.createElement("select");
    box.className = "field";
    box.append(question.text, select);
    const choices = question.name === "size"
      ? question.presets.map((side) => new Option(`${side} × ${side}`, String(side)))
      : question.presets.map((preset) => new Option(preset.title, preset.id));
    select.append(...choices);
    select.value = String(question.assumed);
    select.addEventListener("change", () => {
      const answers: Answers = question.name === "size"
        ? { size: Number(select.value) }
        : { preprocessing: select.value };
      open((options) => openKept(id, answers, options));
    });
    return box;
  }

  input.addEventListener("change", () => {
    const files = [...input.files ?? []];
    input.value = "";
    if (files.length > 0) open((options) => openFiles(files, {}, options));
  });
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", async (event) => {
    event.preventDefault();
    if (!event.dataTransfer) return;
    const files = await droppedFiles(event.dataTransfer);
    if (files.some(isNetworkFile)) open((options) => openFiles(files, {}, options));
  });
  const hub = element("hub-name", HTMLInputElement);
  const openHub = () => open((options) => openFromHub(hub.value.trim(), {}, options));
  element("open-hub", HTMLButtonElement).addEventListener("click", openHub);
  hub.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    openHub();
  });
  forget.addEventListener("click", async () => {
    await forgetFiles();
    forget.hidden = true;
    questions.replaceChildren();
    status.textContent = "This browser keeps no network any more.";
    onForget();
  });
  keptFiles().then((kept) => forget.hidden = kept.length === 0);
}
