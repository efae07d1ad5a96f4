export interface PaceOptions {
  /** Seconds that the reader may take for one piece. */
  readonly seconds: number;
  /** Called once: when all is read, or the reader is gone or given up. */
  readonly onEnd?: (isComplete: boolean) => void;
}

/**
 * The pieces of `source` as a stream that asks for one only when the last is taken, so that a slow
 * reader costs one piece of memory; a reader that stalls is given up.
 */
export function pacedStream(
  source: AsyncGenerator<Uint8Array<ArrayBuffer>>,
  { seconds, onEnd }: PaceOptions,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let stall: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;
  const end = (isComplete: boolean) => {
    clearTimeout(stall);
    if (isOver) return;
    isOver = true;
    // A generator that waits ends with what it waits for.
    source.return(undefined).catch(() => {});
    onEnd?.(isComplete);
  };
  const arm = (controller: ReadableStreamDefaultController) => {
    stall = setTimeout(() => {
      end(false);
      controller.error(new Error(`Cannot send the answer: nobody reads it for ${seconds} s`));
    }, seconds * 1000);
  };
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    start: arm,
    async pull(controller) {
      clearTimeout(stall);
      try {
        const { done, value } = await source.next();
        if (isOver) return;
        if (done) {
          end(true);
          return controller.close();
        }
        controller.enqueue(value);
        arm(controller);
      } catch (error) {
        if (isOver) return;
        end(false);
        controller.error(error);
      }
    },
    cancel: () => end(false),
  }, { highWaterMark: 0 });
}
