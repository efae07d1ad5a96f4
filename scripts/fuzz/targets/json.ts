import { decodeEnvelope, encodeEnvelope } from "../../../functions/invocations/invocation.ts";
import { rebuildRequestSchema } from "../../../shared/api/schemas/mod.ts";
import { statedLabels, statedManifest } from "../../../shared/network/open/describe_file.ts";
import { decodeNpy, encodeNpy } from "../../../shared/tensor/npy.ts";
import { float32 } from "../../../shared/tensor/tensor.ts";
import { mutateBytes } from "../mutate_bytes.ts";
import { isExpected, type Target } from "../target.ts";

const MANIFEST = {
  title: "A network",
  input: {
    height: 8,
    width: 8,
    resize: { shortSide: 8 },
    channelOrder: "RGB",
    scale: 1,
    mean: [0],
  },
  outputs: { logits: "logits" },
  labels: ["a", "b"],
  layers: [{ alias: "conv", tensor: "relu" }],
};

const npy = encodeNpy(float32(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3]));
const envelope = encodeEnvelope({
  network: "tiny",
  sha256: "00",
  value: { shared: { window: 3, image: Float32Array.of(1, 2) } },
  items: [{ position: 1 }, { position: 2 }],
});

/** Words of JSON, and of what is read here. */
const WORDS = [
  ...[
    "null",
    "true",
    "[]",
    "{}",
    "[[[[",
    '{"$array":"Float32Array","offset":0,"length":1}',
    "1e999",
  ],
  ...[
    '"__proto__":',
    '"constructor":',
    "\\ud800",
    "-1",
    "9007199254740993",
    "'shape': (1,)",
    "<f8",
  ],
  ...['"offset":', '"length":', '"models":', '"sets":', '"0":', "\n", "(2147483648, 2147483648)"],
];

type Reader = (bytes: Uint8Array) => unknown;

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** What reads bytes of a client or of a stranger's file; each gets every input. */
const READERS: readonly Reader[] = [
  decodeEnvelope,
  decodeNpy,
  (bytes) => statedLabels(text(bytes), "the labels"),
  (bytes) => statedManifest(JSON.parse(text(bytes)), "the manifest"),
  (bytes) => rebuildRequestSchema.safeParse(JSON.parse(text(bytes))),
];

export const json: Target = {
  name: "json",
  summary: "JSON bodies, manifests, labels, envelopes between isolates, .npy files",
  seeds: () => [
    ...[envelope, npy],
    ...[MANIFEST, { models: ["glyphnet"], sets: ["occlusion"] }, ["a", "b", "c"], {
      0: "a",
      1: "b",
    }]
      .map((value) => new TextEncoder().encode(JSON.stringify(value))),
  ],
  endings: [".json", ".npy"],
  mutate: (draw, seeds) => mutateBytes(draw, seeds, WORDS),
  run(bytes) {
    const faults = READERS.flatMap((read) => {
      try {
        read(bytes);
        return [];
      } catch (error) {
        return [error];
      }
    });
    // Those who call these readers tell a client what a SyntaxError says.
    const unexpected = faults.find((error) =>
      !isExpected(error) && !(error instanceof SyntaxError)
    );
    if (unexpected) throw unexpected;
  },
  batch: 50_000,
};
