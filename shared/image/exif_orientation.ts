/**
 * How the camera was held, by EXIF: 1 is upright; 2 to 8 are the flips and quarter turns that lead
 * to it.
 */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

const ORIENTATION_TAG = 0x0112;
const SHORT = 3;

/**
 * The orientation in an EXIF block (a TIFF file: byte order, 42, first directory). 1 if there is
 * none or the block is broken, as browsers do: damaged metadata does not make a damaged image.
 */
export function exifOrientation(exif: Uint8Array): Orientation {
  const view = new DataView(exif.buffer, exif.byteOffset, exif.byteLength);
  if (view.byteLength < 8) return 1;
  const order = view.getUint16(0);
  if (order !== 0x4949 && order !== 0x4d4d) return 1;
  const little = order === 0x4949;
  if (view.getUint16(2, little) !== 42) return 1;
  const directory = view.getUint32(4, little);
  if (directory + 2 > view.byteLength) return 1;
  const entries = view.getUint16(directory, little);
  for (let i = 0; i < entries; i++) {
    const at = directory + 2 + 12 * i;
    if (at + 12 > view.byteLength) return 1;
    if (view.getUint16(at, little) !== ORIENTATION_TAG) continue;
    const value = view.getUint16(at + 8, little);
    const valid = view.getUint16(at + 2, little) === SHORT && value >= 1 && value <= 8;
    return valid ? value as Orientation : 1;
  }
  return 1;
}
