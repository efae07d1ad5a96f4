import type { Rgb } from "./canvas.ts";
import type { RandomStream } from "./random_stream.ts";

/** Any colour of 0..1, with pale and dark ones as frequent as bright ones. */
export function randomColor(random: RandomStream): Rgb {
  const value = random.next();
  const spread = random.next();
  const channel = () => Math.min(1, Math.max(0, value + spread * (random.next() - 0.5)));
  return [channel(), channel(), channel()];
}
