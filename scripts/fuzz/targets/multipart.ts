import { readOpening } from "../../../functions/read_opening.ts";
import { readUpload } from "../../../functions/read_upload.ts";
import { parseOptions, takeFitting } from "../../../shared/contract/parse_options.ts";
import { loadMethod } from "../../../shared/methods/registry.ts";
import { encodeNpy } from "../../../shared/tensor/npy.ts";
import { float32 } from "../../../shared/tensor/tensor.ts";
import { mutateBytes } from "../mutate_bytes.ts";
import { images } from "./images.ts";
import type { Target } from "../target.ts";

const BOUNDARY = "----fuzz";

/** Names of fields and values that forms have. */
const WORDS = [
  ...["model", "image", "guide", "labels", "feed:x", "target", "window", "stride", "size"],
  ...["__proto__", "constructor", `--${BOUNDARY}\r\n`, `--${BOUNDARY}--`, "\r\n\r\n", "\0"],
  ...['filename="x.png"', "Content-Type: text/plain", "1e309", "-0", "NaN", "0x10", " 5 ", "null"],
];

const LIMITS = {
  MAX_BODY_BYTES: 2 ** 20,
  UPLOAD_SECONDS: 5,
  STALL_SECONDS: 5,
  MAX_PIXELS: 2 ** 20,
};

const occlusion = await loadMethod("occlusion");

/** Forms as a client posts them. */
async function forms(): Promise<readonly Uint8Array[]> {
  const files = await images.seeds();
  const npy = encodeNpy(float32(Float32Array.of(1, 2, 3), [3]));
  const all: Readonly<Record<string, string | Uint8Array>>[] = [
    { model: "glyphnet", image: files[0], window: "6", stride: "3", target: "top" },
    {
      model: "tiny",
      image: files[2],
      labels: '["a","b"]',
      "short-side": "32",
      mean: "0.5,0.5,0.5",
    },
    { model: "tiny", image: files[4], "feed:age": npy, fit: "pad", layout: "nchw" },
  ];
  return all.map(encode);
}

function encode(fields: Readonly<Record<string, string | Uint8Array>>): Uint8Array {
  const text = new TextEncoder();
  const parts = Object.entries(fields).flatMap(([name, value]) => {
    const isText = typeof value === "string";
    const file = isText ? "" : '; filename="a"\r\nContent-Type: application/octet-stream';
    const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${file}\r\n\r\n`;
    return [text.encode(head), isText ? text.encode(value) : value, text.encode("\r\n")];
  });
  const whole = [...parts, text.encode(`--${BOUNDARY}--\r\n`)];
  return Uint8Array.from(whole.flatMap((part) => [...part]));
}

export const multipart: Target = {
  name: "multipart",
  summary: "forms, from their bytes to the options of a method and what opens a network",
  seeds: forms,
  endings: [".form"],
  mutate: (draw, seeds) => mutateBytes(draw, seeds, WORDS),
  async run(bytes) {
    const headers = { "Content-Type": `multipart/form-data; boundary=${BOUNDARY}` };
    const request = new Request("http://localhost", { method: "POST", headers, body: bytes });
    const { fields, opening } = await readUpload(request, LIMITS);
    const [, others] = takeFitting(fields);
    const [, rest] = readOpening(others, opening);
    parseOptions(occlusion.options, rest);
  },
  batch: 20_000,
};
