/**
 * The WebAssembly codecs of @jsquash. Nothing is fetched from elsewhere.
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
import { readPackageFile } from "../package_file.ts";
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

const SOURCES: {
  readonly [Name in keyof Codecs]: readonly [factory: unknown, wasm: string, bundled: URL];
} = {
  avifDecoder: [
    avifDecoder,
    "@jsquash/avif/codec/dec/avif_dec.wasm",
    new URL("@jsquash/avif/codec/dec/avif_dec.wasm", import.meta.url),
  ],
  jpegDecoder: [
    jpegDecoder,
    "@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm",
    new URL("@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm", import.meta.url),
  ],
  jpegEncoder: [
    jpegEncoder,
    "@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm",
    new URL("@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm", import.meta.url),
  ],
  webpDecoder: [
    webpDecoder,
    "@jsquash/webp/codec/dec/webp_dec.wasm",
    new URL("@jsquash/webp/codec/dec/webp_dec.wasm", import.meta.url),
  ],
  webpEncoder: [
    webpEncoder,
    "@jsquash/webp/codec/enc/webp_enc_simd.wasm",
    new URL("@jsquash/webp/codec/enc/webp_enc_simd.wasm", import.meta.url),
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
  const [factory, wasmFile, bundled] = SOURCES[name];
  let module = compiled.get(name);
  if (!module) {
    module = readPackageFile(wasmFile, bundled).then((bytes) => WebAssembly.compile(bytes));
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
