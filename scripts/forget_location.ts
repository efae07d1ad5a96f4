/**
 * For workers of files: ONNX Runtime takes the origin of `location` for a base, which such a worker
 * has none of.
 */
export function forgetLocation(): void {
  Object.defineProperty(globalThis, "location", { value: undefined });
}
