/**
 * For workers of files: ONNX Runtime takes the origin of `location` for a base, which such a worker
 * has none of. Codecs that find no location set one of their own, which is ignored.
 */
export function forgetLocation(): void {
  Object.defineProperty(globalThis, "location", { get: () => undefined, set: () => {} });
}
