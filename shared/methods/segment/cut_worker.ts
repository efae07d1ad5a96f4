/**
 * The script of a worker that cuts images. It is the only one of a page that may make code from
 * text: it is served with a policy of its own.
 *
 * @module
 */
import { type CutJob, cutMask } from "./cut_mask.ts";

export type CutReply = { readonly mask: Uint8Array } | { readonly failure: string };

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<CutJob>) => void;
  postMessage(reply: CutReply): void;
};

scope.onmessage = async ({ data }) => {
  try {
    scope.postMessage({ mask: await cutMask(data) });
  } catch (error) {
    scope.postMessage({ failure: error instanceof Error ? error.message : String(error) });
  }
};
