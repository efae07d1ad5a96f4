import { expect, test } from "vitest";
import { decodeImage } from "./decode_image.ts";
import { AnimationEncoder, type AnimationOptions } from "./encode_animation.ts";
import type { Image } from "./image.ts";

const WIDTH = 5;
const HEIGHT = 3;

function frame(seed: number, alpha = 255): Image {
  const data = Uint8ClampedArray.from(
    { length: WIDTH * HEIGHT * 4 },
    (_, i) => i % 4 === 3 ? alpha : (37 * i + 101 * seed) % 256,
  );
  return { width: WIDTH, height: HEIGHT, data };
}

interface Chunk {
  readonly name: string;
  readonly content: Uint8Array;
}

function chunksOf(bytes: Uint8Array): Chunk[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: Chunk[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = view.getUint32(at + 4, true);
    const name = new TextDecoder().decode(bytes.subarray(at, at + 4));
    chunks.push({ name, content: bytes.subarray(at + 8, at + 8 + length) });
    at += 8 + length + length % 2;
  }
  return chunks;
}

/** A frame's own chunks as a still file. */
function stillOf({ content }: Chunk): Uint8Array<ArrayBuffer> {
  const image = content.subarray(16);
  const file = new Uint8Array(12 + image.length);
  file.set(new TextEncoder().encode("RIFF....WEBP"));
  new DataView(file.buffer).setUint32(4, 4 + image.length, true);
  file.set(image, 12);
  return file;
}

async function animationOf(frames: readonly Image[], options: AnimationOptions) {
  const animation = new AnimationEncoder(options);
  for (const frame of frames) await animation.add(frame);
  return animation.finish();
}

test("AnimationEncoder keeps every frame, its place and its time", async () => {
  const frames = [frame(1), frame(2, 128), frame(3)];
  const file = await animationOf(frames, { delay: 70_000, plays: 300, lossless: true });
  const [riff, ...rest] = chunksOf(file);
  expect([riff.name, rest.length]).toEqual(["RIFF", 0]);
  expect(new TextDecoder().decode(riff.content.subarray(0, 4))).toBe("WEBP");
  const [header, animation, ...encoded] = chunksOf(riff.content.subarray(4));
  expect(header.name).toBe("VP8X");
  expect([...header.content]).toEqual([0x12, 0, 0, 0, WIDTH - 1, 0, 0, HEIGHT - 1, 0, 0]);
  expect(animation.name).toBe("ANIM");
  expect([...animation.content]).toEqual([0, 0, 0, 0, 300 - 256, 1]);
  expect(encoded.map(({ name }) => name)).toEqual(["ANMF", "ANMF", "ANMF"]);
  for (const [i, chunk] of encoded.entries()) {
    expect([...chunk.content.subarray(0, 16)]).toEqual(
      [0, 0, 0, 0, 0, 0, WIDTH - 1, 0, 0, HEIGHT - 1, 0, 0, 0x70, 0x11, 0x01, 2],
    );
    expect((await decodeImage(stillOf(chunk))).data).toEqual(frames[i].data);
  }
});

test("AnimationEncoder refuses what no animation can be made of", async () => {
  await expect(animationOf([], { delay: 40 })).rejects.toThrow(
    "Cannot animate: there are no frames",
  );
  const wide = { ...frame(1), width: 3, height: 5 };
  await expect(animationOf([frame(1), wide], { delay: 40 })).rejects.toThrow(
    "Cannot animate: frame 1 is 3 x 5, the ones before are 5 x 3",
  );
  for (const delay of [0, 1.5, 2 ** 24]) {
    await expect(animationOf([frame(1)], { delay })).rejects.toThrow(
      `the delay is ${delay}, valid are whole numbers from 1 to 16777215`,
    );
  }
  await expect(animationOf([frame(1)], { delay: 1, plays: 65536 })).rejects.toThrow("plays");
});
