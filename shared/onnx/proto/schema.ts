/** The tables of ONNX's messages: field numbers and kinds as in onnx.proto. */
import { many, message, messages, one, packed, type SchemaOf } from "./field.ts";
import type * as t from "./types.ts";
import { MAX_NODES, MAX_RANK, MAX_VALUES } from "../limits.ts";

const ENTRY: SchemaOf<t.EntryProto> = { key: one(1, "string"), value: one(2, "string") };

const OPERATOR_SET: SchemaOf<t.OperatorSetIdProto> = {
  domain: one(1, "string"),
  version: one(2, "integer"),
};

const DIMENSION: SchemaOf<t.DimensionProto> = {
  dimValue: one(1, "integer"),
  dimParam: one(2, "string"),
  denotation: one(3, "string"),
};

const TENSOR_SHAPE: SchemaOf<t.TensorShapeProto> = { dim: messages(1, () => DIMENSION, MAX_RANK) };

const TENSOR_TYPE: SchemaOf<t.TensorTypeProto> = {
  elemType: one(1, "integer"),
  shape: message(2, () => TENSOR_SHAPE),
};

const TYPE: SchemaOf<t.TypeProto> = {
  tensorType: message(1, () => TENSOR_TYPE),
  denotation: one(6, "string"),
};

const VALUE_INFO: SchemaOf<t.ValueInfoProto> = {
  name: one(1, "string"),
  type: message(2, () => TYPE),
  docString: one(3, "string"),
  metadataProps: messages(4, () => ENTRY),
};

export const TENSOR: SchemaOf<t.TensorProto> = {
  dims: many(1, "integer", MAX_RANK),
  dataType: one(2, "integer"),
  floatData: packed(4, "float32"),
  int32Data: packed(5, "integer"),
  stringData: many(6, "bytes"),
  int64Data: packed(7, "int64"),
  name: one(8, "string"),
  rawData: one(9, "bytes"),
  doubleData: packed(10, "float64"),
  uint64Data: packed(11, "int64"),
  docString: one(12, "string"),
  externalData: messages(13, () => ENTRY),
  dataLocation: one(14, "integer"),
  metadataProps: messages(16, () => ENTRY),
};

const SPARSE_TENSOR: SchemaOf<t.SparseTensorProto> = {
  values: message(1, () => TENSOR),
  indices: message(2, () => TENSOR),
  dims: many(3, "integer", MAX_RANK),
};

const ANNOTATION: SchemaOf<t.TensorAnnotation> = {
  tensorName: one(1, "string"),
  quantParameterTensorNames: messages(2, () => ENTRY),
};

const ATTRIBUTE: SchemaOf<t.AttributeProto> = {
  name: one(1, "string"),
  f: one(2, "float32"),
  i: one(3, "int64"),
  s: one(4, "bytes"),
  t: message(5, () => TENSOR),
  g: message(6, () => GRAPH),
  floats: many(7, "float32"),
  ints: many(8, "int64"),
  strings: many(9, "bytes"),
  tensors: messages(10, () => TENSOR),
  graphs: messages(11, () => GRAPH),
  docString: one(13, "string"),
  type: one(20, "integer"),
  refAttrName: one(21, "string"),
};

const NODE: SchemaOf<t.NodeProto> = {
  input: many(1, "string", MAX_VALUES),
  output: many(2, "string", MAX_VALUES),
  name: one(3, "string"),
  opType: one(4, "string"),
  attribute: messages(5, () => ATTRIBUTE),
  docString: one(6, "string"),
  domain: one(7, "string"),
  overload: one(8, "string"),
  metadataProps: messages(9, () => ENTRY),
};

const GRAPH: SchemaOf<t.GraphProto> = {
  node: messages(1, () => NODE, MAX_NODES),
  name: one(2, "string"),
  initializer: messages(5, () => TENSOR),
  docString: one(10, "string"),
  input: messages(11, () => VALUE_INFO),
  output: messages(12, () => VALUE_INFO),
  valueInfo: messages(13, () => VALUE_INFO),
  quantizationAnnotation: messages(14, () => ANNOTATION),
  sparseInitializer: messages(15, () => SPARSE_TENSOR),
  metadataProps: messages(16, () => ENTRY),
};

const FUNCTION: SchemaOf<t.FunctionProto> = {
  name: one(1, "string"),
  input: many(4, "string", MAX_VALUES),
  output: many(5, "string", MAX_VALUES),
  attribute: many(6, "string"),
  node: messages(7, () => NODE, MAX_NODES),
  docString: one(8, "string"),
  opsetImport: messages(9, () => OPERATOR_SET),
  domain: one(10, "string"),
  attributeProto: messages(11, () => ATTRIBUTE),
  overload: one(13, "string"),
};

/** The table of a whole file. */
export const MODEL: SchemaOf<t.ModelProto> = {
  irVersion: one(1, "integer"),
  producerName: one(2, "string"),
  producerVersion: one(3, "string"),
  domain: one(4, "string"),
  modelVersion: one(5, "int64"),
  docString: one(6, "string"),
  graph: message(7, () => GRAPH),
  opsetImport: messages(8, () => OPERATOR_SET),
  metadataProps: messages(14, () => ENTRY),
  functions: messages(25, () => FUNCTION),
};
