/** The command line as a user meets it: real processes, real files. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { convNet, randomTensor } from "../../tests/networks.ts";
import { encodeModel, ModelBuilder } from "../../shared/onnx/mod.ts";
import { decodeImage } from "../../shared/image/decode_image.ts";
import { encodePng } from "../../shared/image/encode_image.ts";
import { decodeNpy, encodeNpy } from "../../shared/tensor/npy.ts";

const MAIN = fileURLToPath(new URL("main.ts", import.meta.url));
const PERMISSIONS = ["--allow-read", "--allow-write", "--allow-env"];

/** Scores of images of any size. */
function anySize(planes: number): Uint8Array {
  const b = new ModelBuilder();
  const x = b.input("x", ["N", planes, "H", "W"]);
  const features = b.op("Conv", [x, b.constant(randomTensor([5, planes, 3, 3], 2))]);
  const pooled = b.op("GlobalAveragePool", [b.op("Relu", [features])]);
  b.output(b.op("Flatten", [pooled], {}, "scores"));
  return encodeModel(b.build());
}

let folder: string;
beforeAll(async () => {
  folder = await Deno.makeTempDir();
  await Deno.writeFile(join(folder, "small.onnx"), convNet({ height: 24, width: 24 }));
  await Deno.writeFile(join(folder, "x.npy"), encodeNpy(randomTensor([1, 3, 24, 24], 1)));
  const data = Uint8ClampedArray.from({ length: 40 * 30 * 4 }, (_, i) => i % 4 === 3 ? 255 : i * 7);
  await Deno.writeFile(join(folder, "photo.png"), encodePng({ width: 40, height: 30, data }));
  await Deno.writeTextFile(join(folder, "text.png"), "no image");
  await Deno.writeTextFile(join(folder, "text.npy"), "no array");
  const holed = randomTensor([1, 3, 24, 24], 1);
  holed.data[7] = NaN;
  await Deno.writeFile(join(folder, "nan.npy"), encodeNpy(holed));
  await Deno.writeFile(join(folder, "open.onnx"), anySize(3));
  await Deno.writeFile(join(folder, "planes.onnx"), anySize(4));
  await Deno.writeFile(join(folder, "planes.npy"), encodeNpy(randomTensor([1, 4, 10, 14], 1)));
});
afterAll(() => Deno.remove(folder, { recursive: true }));

const command = (line: string) =>
  new Deno.Command(Deno.execPath(), {
    args: ["run", ...PERMISSIONS, MAIN, ...line.split(" ").filter(Boolean)],
    cwd: folder,
    stdout: "piped",
    stderr: "piped",
    env: { NO_COLOR: "1" },
  });

async function cli(line: string) {
  const { code, stdout, stderr } = await command(line).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

test("cli occlusion writes images, arrays and result.json", async () => {
  const { code, stdout, stderr } = await cli(
    "occlusion --model small.onnx --input x.npy --out out --raw --window 8 --stride 8 --fill -0.5",
  );
  expect(stderr).toContain("occlusion: 9 / 9 positions");
  expect(code).toBe(0);
  const out = join(folder, "out");
  expect(stdout.trim().split("\n").sort())
    .toEqual([...Deno.readDirSync(out)].map(({ name }) => join("out", name)).sort());
  const read = async (name: string) => decodeNpy(await Deno.readFile(join(out, name)));
  expect((await read("scores.npy")).dims).toEqual([9, 2]);
  expect((await read("attribution.npy")).dims).toEqual([1, 3, 24, 24]);
  const drawn = await decodeImage(await Deno.readFile(join(out, "figure.png")));
  expect(drawn.width).toBeGreaterThan(24);
  expect(await Deno.readTextFile(join(out, "figure.svg"))).toContain("Occlusion: ");
  const result = JSON.parse(await Deno.readTextFile(join(out, "result.json")));
  expect(result).toMatchObject({
    method: "occlusion",
    model: { id: "small", sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    options: { window: 8, stride: 8, fill: -0.5, target: "top-1" },
    arrays: { "scores.npy": [9, 2] },
  });
});

test("cli occlusion takes an image, and writes no arrays unless asked", async () => {
  const { code, stderr } = await cli(
    "occlusion --model small.onnx --image photo.png --out plain --size 24 --window 24 --stride 24",
  );
  expect(stderr).not.toContain("Cannot");
  expect(code).toBe(0);
  const names = [...Deno.readDirSync(join(folder, "plain"))].map(({ name }) => name);
  expect(names).toContain("figure.svg");
  expect(names.filter((name) => name.endsWith(".npy"))).toEqual([]);
});

test.each([
  ["", 2, "Cannot run: the command is missing"],
  ["oclusion", 2, 'Cannot run "oclusion": there is no such command, did you mean "occlusion"'],
  ["occlusion", 2, "Cannot run: give either --image or --input"],
  ["occlusion --model small.onnx", 2, "Cannot run: give either --image or --input"],
  ["occlusion --model small.onnx --input x.npy --windw 3", 2, "did you mean --window"],
  ["occlusion --model small.onnx --input x.npy --window 25", 1, "expected 1 to 24"],
  ["occlusion --model small.onnx --input x.npy --window 8 --stride 8 --target 9", 1, "class 9"],
  ["layers --model small.onnx --scale 0", 1, "input.scale: expected a number other than 0"],
  ["layers --model googlenet-bvlc --scale 2", 2, "its manifest says how; mean"],
  ["occlusion --model missing.onnx --input x.npy", 1, "missing.onnx"],
  ["occlusion --model small.onnx --input none.npy", 1, "Cannot read none.npy: there is no such"],
  ["occlusion --model small.onnx --image text.png", 1, "Cannot read"],
  ["occlusion --model small.onnx --input text.npy", 1, "Cannot read text.npy: the file does not"],
  ["gradient --model small.onnx --input nan.npy", 1, "Cannot use nan.npy: element 7 is NaN"],
  ["gradient --model open.onnx --image photo.png", 1, "no fixed size; state one (--size)"],
  [
    "gradient --model small.onnx --input x.npy --out photo.png",
    1,
    "Cannot write photo.png: there is a file of that name, expected a folder",
  ],
  ["gradient --model small.onnx --input x.npy --emit x.npy/g.onnx", 1, "Cannot write x.npy: "],
  ["occlusion --model x.npy --input x.npy", 1, "Cannot"],
  ["layers --model small.onnx --raw", 2, "Cannot use --raw: there is no such option"],
])("cli %s ends with %i and one line", async (line, expected, message) => {
  const { code, stderr, stdout } = await cli(line);
  expect(stderr).toContain(message);
  expect(code).toBe(expected);
  expect(stdout).toBe("");
  const lines = stderr.trim().split("\n").filter((text) => !/^(Try: |small on )/.test(text));
  expect(lines).toHaveLength(1);
});

test.each([["open.onnx", "x.npy", [1, 3, 24, 24]], ["planes.onnx", "planes.npy", [1, 4, 10, 14]]])(
  "cli gradient of %s takes the size that the file leaves open from %s",
  async (model, input, dims) => {
    const { code, stderr } = await cli(
      `gradient --model ${model} --input ${input} --target 1 --raw --out sized`,
    );
    expect(stderr).not.toContain("Cannot");
    expect(code).toBe(0);
    expect(stderr).toContain('target: "class 1" (1)\n');
    const { measures } = JSON.parse(
      await Deno.readTextFile(join(folder, "sized", "result.json")),
    ) as { measures: Record<string, unknown> };
    expect(Object.entries(measures).slice(0, 2)).toEqual([["target", "class 1"], [
      "targetIndex",
      1,
    ]]);
    const gradient = decodeNpy(await Deno.readFile(join(folder, "sized", "gradient.npy")));
    expect(gradient.dims).toEqual(dims);
  },
);

test("cli --help, <command> --help, --version and the lists go to standard output", async () => {
  const { stdout } = await cli("--help");
  for (const name of ["occlusion", "models", "methods", "layers"]) {
    expect(stdout).toContain(name);
  }
  const help = await cli("occlusion --help");
  expect(help.stdout).toContain("--stride <an integer of 1 or more (pixels)>, default 16");
  expect(help.stdout).toContain("--image <text>");
  expect((await cli("--version")).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect((await cli("methods")).stdout).toContain("Zeiler");
  expect((await cli("models")).stdout).toContain("googlenet-bvlc");
  const maps = await cli("layers --model small.onnx");
  expect(maps.stdout).toMatch(/relu1 +1 x 8 x 24 x 24 +Relu/);
  expect(maps.stdout).not.toContain("Flatten");
  expect((await cli("layers --model small.onnx --all")).stdout).toMatch(/flat +1 x 8 +Flatten/);
});

test("cli ends with 130 when it is interrupted, and leaves no result", async () => {
  const process = command(
    "occlusion --model small.onnx --input x.npy --out cut --window 3 --stride 1 --raw",
  ).spawn();
  const reader = process.stderr.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("positions")) text += (await reader.read()).value ?? "";
  process.kill("SIGINT");
  for (let read; !(read = await reader.read()).done;) text += read.value;
  await process.stdout.cancel();
  expect((await process.status).code).toBe(130);
  expect(text.trim().split("\n").at(-1)).toBe("Interrupted");
  await expect(Deno.stat(join(folder, "cut"))).rejects.toThrow(Deno.errors.NotFound);
});

test("cli says the preprocessing of a network that nobody described", async () => {
  const { stderr } = await cli("activations --model small.onnx --image photo.png --out said");
  expect(stderr).toMatch(/^small: preprocessing without mean and std, in RGB/m);
  const result = JSON.parse(await Deno.readTextFile(join(folder, "said", "result.json")));
  expect(result.preprocessing).toMatchObject({ mean: [0, 0, 0], std: [1, 1, 1], scale: 1 / 255 });
  const told = await cli(
    "activations --model small.onnx --image photo.png --out said --mean 0.5,0.5,0.5",
  );
  expect(told.stderr).not.toContain("without mean");
});

test("cli says what is to be known of an image, once, and writes it down", async () => {
  const white = new Uint8ClampedArray(4 * 24 * 24).fill(255);
  await Deno.writeFile(
    join(folder, "white.png"),
    encodePng({ width: 24, height: 24, data: white }),
  );
  const { stderr, code } = await cli(
    "activations --model small.onnx --image white.png --out noted --mean 0.5,0.5,0.5",
  );
  expect(code).toBe(0);
  expect(stderr.match(/^white\.png: it is blank: on white, every pixel is white.*$/gm))
    .toHaveLength(1);
  const { notes } = JSON.parse(await Deno.readTextFile(join(folder, "noted", "result.json")));
  expect(notes).toEqual([expect.stringMatching(/^image: it is blank/)]);
});

/** A folder with two images that can be read and two that cannot, and what no image is. */
async function mixedFolder(): Promise<string> {
  const mixed = join(folder, "mixed");
  await Deno.mkdir(join(mixed, "__MACOSX"), { recursive: true });
  const data = Uint8ClampedArray.from({ length: 30 * 30 * 4 }, (_, i) => i % 4 === 3 ? 255 : i * 7);
  const file = encodePng({ width: 30, height: 30, data });
  await Deno.writeFile(join(mixed, "one.png"), file);
  await Deno.writeFile(join(mixed, "two.png"), file);
  await Deno.writeFile(join(mixed, "cut.png"), file.subarray(0, file.length - 40));
  await Deno.writeTextFile(join(mixed, "phone.heic"), "\0\0\0\x1cftypheic");
  await Deno.writeTextFile(join(mixed, "__MACOSX/._one.png"), "no image");
  await Deno.writeTextFile(join(mixed, "._two.png"), "no image");
  return mixed;
}

test("cli runs on several images, goes on past those it cannot read, and sums up", async () => {
  await mixedFolder();
  const { code, stdout, stderr } = await cli(
    "occlusion --model small.onnx --image mixed --image photo.png none.png --out several " +
      "--window 24 --stride 24",
  );
  expect(code).toBe(1);
  const names = [...Deno.readDirSync(join(folder, "several"))].map(({ name }) => name).sort();
  expect(names).toEqual(["one", "photo", "summary.json", "two"]);
  expect(stdout).toContain(join("several", "two", "result.json"));
  expect(stdout.trim().split("\n").at(-1)).toBe(join("several", "summary.json"));
  const summary = JSON.parse(await Deno.readTextFile(join(folder, "several", "summary.json")));
  expect(summary.images.map(({ image }: { image: string }) => image))
    .toEqual(["mixed/one.png", "mixed/two.png", "photo.png"]);
  const one = JSON.parse(
    await Deno.readTextFile(join(folder, "several", "one", "result.json")),
  );
  expect(one.image).toBe("mixed/one.png");
  expect(summary.images[0]).toMatchObject({ folder: "one", measures: one.measures });
  expect(summary.leftOut).toEqual([
    { image: "mixed/cut.png", reason: expect.stringContaining("the file is cut off") },
    { image: "mixed/phone.heic", reason: expect.stringContaining("the file is HEIC") },
    { image: "none.png", reason: "there is no such file" },
  ]);
  expect(stderr).toMatch(/^mixed\/two\.png .*\d\.\d$/m);
  expect(stderr).toMatch(/^mixed\/cut\.png .*left out$/m);
  expect(stderr.trim().split("\n").at(-1)).toBe(
    "Left out 3 of 6 images, for the reasons above",
  );
  // One network, opened once.
  expect(stderr.match(/^small on /gm)).toHaveLength(1);
});

test("cli patches goes on past images of a folder that it cannot read", async () => {
  await mixedFolder();
  const { code, stderr } = await cli(
    "patches --model small.onnx --layer relu1 --images mixed --out corpus",
  );
  const result = JSON.parse(await Deno.readTextFile(join(folder, "corpus", "result.json")));
  expect(result.leftOut.map(({ image }: { image: string }) => image))
    .toEqual(["mixed/cut.png", "mixed/phone.heic"]);
  expect(stderr.trim().split("\n").at(-1)).toBe(
    "Left out 2 of 4 images, for the reasons above",
  );
  expect(code).toBe(1);
});

test("cli runs for several targets, of one image or of many, or of none", async () => {
  const { stderr } = await cli(
    "gradient --model small.onnx --image photo.png --target 1 2 --target 9 --out targets",
  );
  const read = async (path: string) =>
    JSON.parse(await Deno.readTextFile(join(folder, "targets", path)));
  const summary = await read("summary.json");
  expect(summary.options.target).toEqual(["1", "2", "9"]);
  expect(summary.images.map(({ image, target }: Record<string, string>) => [image, target]))
    .toEqual([["photo.png", "1"], ["photo.png", "2"]]);
  expect(summary.leftOut).toEqual([
    { image: "photo.png", target: "9", reason: expect.stringContaining("9") },
  ]);
  for (const target of ["1", "2"]) {
    const { measures, options } = await read(`${target}/result.json`);
    expect([options.target, measures.targetIndex]).toEqual([target, Number(target)]);
  }
  expect(stderr.trim().split("\n").at(-1)).toBe("Left out 1 of 3 runs, for the reasons above");
  const made = await cli("class-model --model small.onnx --target 0 1 --steps 1 --out made");
  expect([made.code, made.stderr]).toEqual([0, expect.stringMatching(/^Asked for +/m)]);
  const names = [...Deno.readDirSync(join(folder, "made"))].map(({ name }) => name).sort();
  expect(names).toEqual(["0", "1", "summary.json"]);
});

test("cli refuses --emit for several images", async () => {
  const { code, stderr } = await cli(
    "gradient --model small.onnx --image photo.png --image photo.png white.png --emit g.onnx",
  );
  expect([code, stderr]).toEqual([2, expect.stringContaining("Cannot use --emit")]);
});
