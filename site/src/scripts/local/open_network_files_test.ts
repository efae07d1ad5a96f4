import { expect, test } from "vitest";
import { brokenNetworks, convNet } from "../../../../tests/networks.ts";
import { decodeModel, encodeModel, ModelBuilder } from "../../../../shared/onnx/mod.ts";
import { float32 } from "../../../../shared/tensor/tensor.ts";
import { OpenError } from "./open_error.ts";
import { openNetworkFiles } from "./open_network_files.ts";
import type { Answers, Opening } from "./opened_file.ts";

const NETWORK = convNet({ height: 24, width: 24 });

const file = (name: string, content: Uint8Array<ArrayBuffer> | string) => new File([content], name);
const onnx = (bytes = NETWORK) => file("own.onnx", bytes);

const open = async (files: File[], answers: Answers = {}, limit = 2048) =>
  (await openNetworkFiles(files, answers, () => {}, limit)).opened;

/** What is said of files that cannot be opened. */
async function refusal(files: File[], limit?: number, answers?: Answers): Promise<OpenError> {
  try {
    await open(files, answers, limit);
  } catch (error) {
    expect(error).toBeInstanceOf(OpenError);
    return error as OpenError;
  }
  throw new Error("It was opened");
}

const externals = () => {
  const model = decodeModel(NETWORK);
  const [first, ...rest] = model.graph.initializer;
  const tensor = {
    ...first,
    rawData: undefined,
    dataLocation: 1,
    externalData: [{ key: "location", value: "own.onnx_data" }],
  };
  const initializer = [tensor, ...rest] as typeof model.graph.initializer;
  return {
    network: encodeModel({ ...model, graph: { ...model.graph, initializer } }),
    data: new Uint8Array(first.rawData!),
  };
};

test("what is no network, or not whole, is refused in a sentence", async () => {
  const cases: [File[], string, RegExp][] = [
    [[], "no-network", /there is no file/],
    [[file("notes.txt", "a")], "no-network", /no \.onnx file among notes\.txt/],
    [[file("resnet.pth", "a")], "no-network", /it is PyTorch.*torch\.onnx\.export/],
    [[onnx(), file("b.onnx", NETWORK)], "several-networks", /own\.onnx, b\.onnx/],
    [[onnx(brokenNetworks["not ONNX"])], "not-a-network", /^Cannot open own\.onnx: /],
    [[onnx(NETWORK.slice(0, 500))], "not-a-network", /^Cannot open own\.onnx: /],
    [[onnx(brokenNetworks["shapes"])], "unusable-network", /own\.onnx: its input "x" has shape/],
    [
      [onnx(brokenNetworks["at run time"])],
      "unusable-network",
      /its inputs are "x" float32 \[1,C\] and "shape"/,
    ],
    [[file("a.zip", "no archive")], "not-a-network", /not a \.zip archive/],
    [[onnx(), file("own.json", "{")], "wrong-preprocessing", /own\.json: it is not JSON/],
    [
      [onnx(), file("own.json", '{"input":{"height":"24"}}')],
      "wrong-preprocessing",
      /own\.json: input\.height: expected/,
    ],
  ];
  for (const [files, fault, words] of cases) {
    const error = await refusal(files);
    expect([error.fault, error.message]).toEqual([fault, expect.stringMatching(words)]);
    expect(error.message).not.toContain("\n");
  }
});

test("missing external data are named", async () => {
  const { network, data } = externals();
  const error = await refusal([onnx(network)]);
  expect(error.fault).toBe("missing-external-data");
  expect(error.missing).toEqual(["own.onnx_data"]);
  expect(error.message).toContain("own.onnx_data, which is not here");
  const short = await refusal([onnx(network), file("own.onnx_data", data.slice(4))]);
  expect(short.message).toMatch(/ends at byte/);
  const opened = await open([file("own.onnx_data", data), onnx(network)]);
  expect(opened.methods).toContain("gradient");
});

test("a network that would end the page is refused before it is read", async () => {
  const huge = Object.defineProperty(onnx(), "size", { value: 5e8 });
  Object.defineProperty(huge, "stream", {
    value: () => {
      throw new Error("It is read");
    },
  });
  const error = await refusal([huge], 2048);
  expect(error.fault).toBe("too-large");
  expect(error.message).toMatch(/with 500 MB it would take about 3\.\d GiB .* may take 2\.0/);
});

test("opening says how far it is", async () => {
  const seen: Opening[] = [];
  await openNetworkFiles([onnx()], {}, (opening) => seen.push(opening), 2048);
  const total = NETWORK.length;
  expect(seen.at(-2)).toEqual({ stage: "reading", done: total, total });
  expect(seen.at(-1)).toEqual({ stage: "loading", done: total, total });
});

test("labels in every form are as many as there are classes", async () => {
  const names = ["ant", "bee", "cat", "dog", "elk"];
  const forms: [string, string][] = [
    ["labels.txt", names.join("\r\n") + "\n\n"],
    ["synset.txt", names.map((name, i) => `n0000000${i} ${name}`).join("\n")],
    ["labels.json", JSON.stringify(names)],
    ["classes.json", JSON.stringify({ ...names })],
    ["classes.json", JSON.stringify(Object.fromEntries(names.map((name, i) => [name, i])))],
    [
      "imagenet_class_index.json",
      JSON.stringify({ ...names.map((name, i) => [`n0000000${i}`, name]) }),
    ],
  ];
  for (const [name, content] of forms) {
    const { details } = await open([onnx(), file(name, content)]);
    expect(details.labels).toEqual(names);
  }
  const beside = [file("README.txt", "a network"), file("labels.txt", names.join("\n"))];
  expect((await open([...beside, onnx()])).details.labels).toEqual(names);
  const background = await open([onnx(), file("labels.txt", names.slice(1).join("\n"))]);
  expect(background.details.labels).toEqual(["background", ...names.slice(1)]);
  const error = await refusal([onnx(), file("labels.txt", [...names, "fox"].join("\n"))]);
  expect(error.fault).toBe("wrong-labels");
  expect(error.message).toMatch(/labels\.txt: there are 6, and the network has 5 classes/);
  const gap = await refusal([onnx(), file("labels.json", '{"0": "ant", "2": "cat"}')]);
  expect(gap.message).toContain("none has the index 1");
});

test("what the file's own metadata say is believed", async () => {
  const model = decodeModel(NETWORK);
  const metadataProps = [
    { key: "names", value: "{0: 'ant', 1: 'bee', 2: \"cat\", 3: 'dog', 4: 'elk'}" },
    { key: "Image.NominalPixelRange", value: "Normalized_1_1" },
    { key: "Image.BitmapPixelFormat", value: "Bgr8" },
  ];
  const { details, questions } = await open([onnx(encodeModel({ ...model, metadataProps }))]);
  expect(details.labels).toEqual(["ant", "bee", "cat", "dog", "elk"]);
  expect(details.manifest.input).toMatchObject({ channelOrder: "BGR", mean: [0.5, 0.5, 0.5] });
  expect(questions).toEqual([]);
});

test("what nobody says is asked, with presets", async () => {
  const b = new ModelBuilder();
  const x = b.input("x", ["N", 3, null, null]);
  b.output(b.op("Flatten", [b.op("GlobalAveragePool", [b.op("Relu", [x])])], {}, "scores"));
  const free = encodeModel(b.build());
  const { questions, details, notes } = await open([onnx(free)]);
  expect(questions.map(({ name, assumed }) => [name, assumed]))
    .toEqual([["preprocessing", "unit"], ["size", 224]]);
  expect(details.input).toEqual({ height: 224, width: 224 });
  expect(notes.join()).toContain("give a list of labels");
  const answered = await open([onnx(free)], { preprocessing: "caffe", size: 32 });
  expect(answered.questions).toEqual([]);
  expect(answered.details.input).toEqual({ height: 32, width: 32 });
  expect(answered.details.manifest.input).toMatchObject({ channelOrder: "BGR", scale: 1 });
  const fixed = networkOf([null, 3, null, null], (b, x) => {
    const weights = b.constant(float32(new Float32Array(3 * 32 * 32 * 2), [3 * 32 * 32, 2]), "w");
    return b.op("MatMul", [b.op("Flatten", [x]), weights]);
  });
  const untold = await open([onnx(fixed)]);
  expect(untold.methods).toEqual(["weights"]);
  expect(untold.notes.join()).toMatch(/224 x 224 was tried: say its input's size/);
  expect((await open([onnx(fixed)], { size: 32 })).details.classes).toBe(2);
  const error = await refusal([onnx(free)], 2048, { preprocessing: "none" });
  expect(error.message).toContain("there are unit, imagenet, signed, caffe");
});

test("operators that cannot be run or differentiated leave what works without them", async () => {
  const unknown = await open([onnx(networkWith((b, x) => b.op("Nonsense", [x])))]);
  expect(unknown.methods).toEqual(["weights"]);
  expect(unknown.notes.join()).toMatch(/cannot be run here: operator \S*Nonsense/);
  const modulo = (b: ModelBuilder, x: string) =>
    b.op("Mod", [x, b.constant(float32(Float32Array.of(2), [1]), "two")], { fmod: 1 });
  const step = await open([onnx(networkWith(modulo))]);
  expect(step.methods).toEqual(expect.arrayContaining(["classify", "occlusion", "activations"]));
  expect(step.methods).not.toContain("gradient");
  expect(step.notes.join()).toMatch(/no gradient of Mod\. What works is: activations/);
});

/** A network of one input. */
function networkOf(
  dims: readonly (string | number | null)[],
  make: (b: ModelBuilder, x: string) => string,
): Uint8Array<ArrayBuffer> {
  const b = new ModelBuilder();
  b.output(make(b, b.input("x", dims)));
  return encodeModel(b.build());
}

/** A network with an operator of its own after a convolution. */
function networkWith(add: (b: ModelBuilder, x: string) => string): Uint8Array<ArrayBuffer> {
  const b = new ModelBuilder();
  const x = b.op("Relu", [b.input("x", ["N", 3, 24, 24])], {}, "relu");
  b.output(b.op("Flatten", [b.op("GlobalAveragePool", [add(b, x)])], {}, "scores"));
  return encodeModel(b.build());
}
