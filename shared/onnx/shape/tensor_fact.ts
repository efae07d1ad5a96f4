import { elementCount } from "../../tensor/tensor.ts";
import { type DataTypeName, dataTypeName } from "../data_type.ts";
import type { TensorProto } from "../proto/types.ts";
import { tensorOf } from "../tensor_proto.ts";
import { type Fact, MAX_FOLDED } from "./fact.ts";

/**
 * What is known of a stored tensor: its elements too, where they are few.
 *
 * @throws {UnusableNetworkError} If they are few and cannot be read.
 */
export function tensorFact(tensor: TensorProto): Fact {
  const type = dataTypeName(tensor.dataType) as DataTypeName;
  const { dims } = tensor;
  if (elementCount(dims) > MAX_FOLDED || type === "string") return { type, dims };
  return { type, dims, value: Array.from(tensorOf(tensor).data, Number) };
}
