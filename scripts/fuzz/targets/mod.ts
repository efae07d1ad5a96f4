import type { Target } from "../target.ts";
import { differentiation } from "./differentiate.ts";
import { images } from "./images.ts";
import { json } from "./json.ts";
import { multipart } from "./multipart.ts";
import { onnx } from "./onnx.ts";
import { session } from "./session.ts";
import { shapes } from "./shapes.ts";

/** All that is given hostile input. */
export const TARGETS: readonly Target[] = [
  onnx,
  shapes,
  differentiation,
  session,
  images,
  multipart,
  json,
];
