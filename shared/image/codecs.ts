/**
 * The WebAssembly codecs of @jsquash, loaded the same way in Deno and in a page bundled by Vite:
 * this pattern of `new URL` is what both understand. Nothing is fetched from elsewhere.
 *
 * @module
 */
import avifDecoder from "@jsquash/avif/codec/dec/avif_dec.js";
import jpegDecoder from "@jsquash/jpeg/codec/dec/mozjpeg_dec.js";
import jpegEncoder from "@jsquash/jpeg/codec/enc/mozjpeg_enc.js";
import type { EncodeOptions as JpegOptions } from "@jsquash/jpeg/codec/enc/mozjpeg_enc.js";
import webpDecoder from "@jsquash/webp/codec/dec/webp_dec.js";
import webpEncoder from "@jsquash/webp/codec/enc/webp_enc_simd.js";
import type { EncodeOptions as WebpOptions } from "@jsquash/webp/codec/enc/webp_enc.js";
import type { Image } from "./image.ts";

interface Encoder<Options> {
  encode(
    pixels: Uint8ClampedArray,
    width: number,
    height: number,
    options: Options,
  ): Uint8Array<ArrayBuffer> | null;
}

/** What an encoder takes. */
interface EncoderSettings {
  jpegEncoder: JpegOptions;
  webpEncoder: WebpOptions;
}

export type EncoderName = keyof EncoderSettings;
export type EncoderOptions<Name extends EncoderName> = EncoderSettings[Name];

export type Encoders = { [Name in EncoderName]: Encoder<EncoderOptions<Name>> };

export interface Codecs extends Encoders {
  avifDecoder: { decode(file: Uint8Array, bitDepth: 8): Image | null };
  jpegDecoder: { decode(file: Uint8Array, applyOrientation: boolean): Image | null };
  webpDecoder: { decode(file: Uint8Array): Image | null };
}

type Factory<Codec> = (settings: {
  noInitialRun: true;
  instantiateWasm(
    imports: WebAssembly.Imports,
    done: (instance: WebAssembly.Instance) => void,
  ): WebAssembly.Exports;
  print(line: string): void;
  printErr(line: string): void;
}) => Promise<Codec>;

const SOURCES: { readonly [Name in keyof Codecs]: readonly [factory: unknown, wasm: URL] } = {
  avifDecoder: [
    avifDecoder,
    new URL("../../node_modules/@jsquash/avif/codec/dec/avif_dec.wasm", import.meta.url),
  ],
  jpegDecoder: [
    jpegDecoder,
    new URL("../../node_modules/@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm", import.meta.url),
  ],
  jpegEncoder: [
    jpegEncoder,
    new URL("../../node_modules/@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm", import.meta.url),
  ],
  webpDecoder: [
    webpDecoder,
    new URL("../../node_modules/@jsquash/webp/codec/dec/webp_dec.wasm", import.meta.url),
  ],
  webpEncoder: [
    webpEncoder,
    new URL("../../node_modules/@jsquash/webp/codec/enc/webp_enc_simd.wasm", import.meta.url),
  ],
};

const compiled = new Map<keyof Codecs, Promise<WebAssembly.Module>>();

/**
 * A fresh instance of a codec. One image each: what a hostile file does to an instance's memory
 * ends with it, and the memory of a large image is given back.
 *
 * @param onLine Receives what the codec says about the file.
 */
export async function openCodec<Name extends keyof Codecs>(
  name: Name,
  onLine: (line: string) => void,
): Promise<Codecs[Name]> {
  const [factory, url] = SOURCES[name];
  let module = compiled.get(name);
  if (!module) {
    module = fetch(url).then((response) => response.arrayBuffer()).then(WebAssembly.compile);
    compiled.set(name, module);
    module.catch(() => compiled.delete(name));
  }
  const wasm = await module;
  return (factory as Factory<Codecs[Name]>)({
    noInitialRun: true,
    instantiateWasm(imports, done) {
      const instance = new WebAssembly.Instance(wasm, imports);
      done(instance);
      return instance.exports;
    },
    print: onLine,
    printErr: onLine,
  });
}
