import { printable } from "../../shared/printable.ts";

/** An image that a run went on without. */
export interface LeftOut {
  readonly image: string;
  /** Only where there are several. */
  readonly target?: string;
  readonly reason: string;
}

/** Why an image is left out, without saying again which. */
export function leftOut(image: string, error: unknown, target?: string): LeftOut {
  const message = (error instanceof Error ? error.message : String(error))
    .replaceAll(/\s*\n\s*/g, "; ");
  const prefix = `Cannot read ${image}: `;
  const reason = message.startsWith(prefix) ? message.slice(prefix.length) : message;
  return { image, ...target !== undefined && { target }, reason: printable(reason) };
}

/**
 * Lists on standard error what was left out, once all else is done.
 *
 * @param count Of all images.
 * @throws {Error} If anything was: the run is not the one that was asked for.
 */
export function reportLeftOut(images: readonly LeftOut[], count: number): void {
  if (images.length === 0) return;
  for (const { image, target, reason } of images) {
    const title = target === undefined || target === image ? image : `${image}, ${target}`;
    console.error(printable(`${title}: ${reason}`));
  }
  const what = images.some(({ target }) => target !== undefined) ? "runs" : "images";
  throw new Error(`Left out ${images.length} of ${count} ${what}, for the reasons above`);
}
