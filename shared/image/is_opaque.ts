import type { Image } from "./image.ts";

/** Whether no pixel is transparent, not even partly. */
export function isOpaque({ data }: Image): boolean {
  for (let i = 3; i < data.length; i += 4) if (data[i] !== 255) return false;
  return true;
}
