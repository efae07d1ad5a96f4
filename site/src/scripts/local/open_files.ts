import { ApiError } from "../api.ts";
import { localLink } from "./local_link.ts";
import { keepNetwork, keptNetwork } from "./network_store.ts";
import { OpenError } from "./open_error.ts";
import type { Answers, OpenedFile, Opening } from "./opened_file.ts";

export interface OpenFilesOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (opening: Opening) => void;
}

/**
 * Opens a network from files in any order: one .onnx, the files that its weights lie in, labels, its
 * preprocessing; or a .zip of them. Nothing leaves the browser, which keeps the last few.
 *
 * @param answers To the questions of the same files opened before.
 * @throws {OpenError} If they are no network that can be opened, in a sentence.
 * @throws {ApiError} If this browser cannot load it.
 */
export async function openFiles(
  files: readonly File[],
  answers: Answers = {},
  { signal = new AbortController().signal, onProgress }: OpenFilesOptions = {},
): Promise<OpenedFile> {
  for await (const event of localLink.ask({ type: "open", files, answers }, signal)) {
    if (event.type === "opening") onProgress?.(event);
    if (event.type === "error") {
      const { problem, open } = event;
      throw open ? new OpenError(open.fault, problem.detail, open.missing) : new ApiError(problem);
    }
    if (event.type === "opened") {
      const { opened } = event.stored;
      if (await keepNetwork(event.stored)) return opened;
      const note = "This browser does not keep the network: open the file again next time.";
      return { ...opened, notes: [...opened.notes, note] };
    }
  }
  throw new Error("The worker ended without a word");
}

/**
 * Opens a network again that is kept.
 *
 * @param answers To its questions, where they are to be others than before.
 * @throws {OpenError} If it is not kept any more.
 */
export async function openKept(
  id: string,
  answers?: Answers,
  options: OpenFilesOptions = {},
): Promise<OpenedFile> {
  const stored = await keptNetwork(id);
  if (!stored) {
    throw new OpenError(
      "not-kept",
      `Cannot open ${id}: this browser does not keep it any more; open its file again`,
    );
  }
  if (!answers) return stored.opened;
  const files = [
    new File([stored.file], `${stored.opened.details.title}.onnx`),
    ...stored.beside.map(([name, text]) => new File([text], name)),
  ];
  return await openFiles(files, answers, options);
}
