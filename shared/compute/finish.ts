/**
 * Takes all steps of a computation.
 *
 * @param onStep Told of each; what it throws ends the computation.
 * @returns What comes of it.
 */
export async function finish<Step, Result>(
  steps: Generator<Step, Result, void> | AsyncGenerator<Step, Result, void>,
  onStep?: (step: Step) => void,
): Promise<Result> {
  try {
    for (;;) {
      const { value, done } = await steps.next();
      if (done) return value;
      onStep?.(value);
    }
  } finally {
    await steps.return(undefined as never);
  }
}
