import { declaredDims, declaredType, type Dim, type Model } from "../onnx/mod.ts";

/** An input as its file declares it. */
export interface DeclaredInput {
  readonly type: string;
  /** Undefined where not even the number of axes is declared. */
  readonly dims?: readonly Dim[];
}

/** @param name One of its inputs. */
export function declarationOf({ graph }: Model, name: string): DeclaredInput {
  const info = graph.input.find((value) => value.name === name)!;
  return { type: declaredType(info), dims: declaredDims(info) };
}
