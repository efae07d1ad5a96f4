/**
 * ONNX's messages as plain immutable data; field names are those of onnx.proto in camel case.
 * A field that a file does not set is undefined; a repeated one is an empty array.
 *
 * @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */

export interface ModelProto {
  readonly irVersion?: number;
  readonly producerName?: string;
  readonly producerVersion?: string;
  readonly domain?: string;
  readonly modelVersion?: bigint;
  readonly docString?: string;
  readonly graph?: GraphProto;
  readonly opsetImport: readonly OperatorSetIdProto[];
  readonly metadataProps: readonly EntryProto[];
  readonly functions: readonly FunctionProto[];
}

export interface OperatorSetIdProto {
  readonly domain?: string;
  readonly version?: number;
}

/** A key and its value. */
export interface EntryProto {
  readonly key?: string;
  readonly value?: string;
}

export interface GraphProto {
  readonly node: readonly NodeProto[];
  readonly name?: string;
  readonly initializer: readonly TensorProto[];
  readonly docString?: string;
  readonly input: readonly ValueInfoProto[];
  readonly output: readonly ValueInfoProto[];
  readonly valueInfo: readonly ValueInfoProto[];
  readonly quantizationAnnotation: readonly TensorAnnotation[];
  readonly sparseInitializer: readonly SparseTensorProto[];
  readonly metadataProps: readonly EntryProto[];
}

export interface NodeProto {
  /** Value names; an empty one is an optional input that is left out. */
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly name?: string;
  readonly opType?: string;
  readonly attribute: readonly AttributeProto[];
  readonly docString?: string;
  readonly domain?: string;
  readonly overload?: string;
  readonly metadataProps: readonly EntryProto[];
}

export interface AttributeProto {
  readonly name?: string;
  readonly f?: number;
  readonly i?: bigint;
  readonly s?: Uint8Array;
  readonly t?: TensorProto;
  readonly g?: GraphProto;
  readonly floats: readonly number[];
  readonly ints: readonly bigint[];
  readonly strings: readonly Uint8Array[];
  readonly tensors: readonly TensorProto[];
  readonly graphs: readonly GraphProto[];
  readonly docString?: string;
  /** One of {@link AttributeType}. */
  readonly type?: number;
  readonly refAttrName?: string;
}

export interface TensorProto {
  readonly dims: readonly number[];
  /** One of {@link DataType}. */
  readonly dataType?: number;
  readonly floatData: readonly number[];
  readonly int32Data: readonly number[];
  readonly stringData: readonly Uint8Array[];
  readonly int64Data: readonly bigint[];
  readonly name?: string;
  readonly rawData?: Uint8Array;
  readonly doubleData: readonly number[];
  readonly uint64Data: readonly bigint[];
  readonly docString?: string;
  readonly externalData: readonly EntryProto[];
  /** 1 when the elements lie in another file. */
  readonly dataLocation?: number;
  readonly metadataProps: readonly EntryProto[];
}

export interface SparseTensorProto {
  readonly values?: TensorProto;
  readonly indices?: TensorProto;
  readonly dims: readonly number[];
}

export interface TensorAnnotation {
  readonly tensorName?: string;
  readonly quantParameterTensorNames: readonly EntryProto[];
}

export interface ValueInfoProto {
  readonly name?: string;
  readonly type?: TypeProto;
  readonly docString?: string;
  readonly metadataProps: readonly EntryProto[];
}

/** Only tensor types are spelled out; sequences, maps and optionals are kept as unknown fields. */
export interface TypeProto {
  readonly tensorType?: TensorTypeProto;
  readonly denotation?: string;
}

export interface TensorTypeProto {
  /** One of {@link DataType}. */
  readonly elemType?: number;
  readonly shape?: TensorShapeProto;
}

export interface TensorShapeProto {
  readonly dim: readonly DimensionProto[];
}

export interface DimensionProto {
  readonly dimValue?: number;
  readonly dimParam?: string;
  readonly denotation?: string;
}

export interface FunctionProto {
  readonly name?: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly attribute: readonly string[];
  readonly node: readonly NodeProto[];
  readonly docString?: string;
  readonly opsetImport: readonly OperatorSetIdProto[];
  readonly domain?: string;
  readonly attributeProto: readonly AttributeProto[];
  readonly overload?: string;
}

export const AttributeType = {
  float: 1,
  int: 2,
  string: 3,
  tensor: 4,
  graph: 5,
  floats: 6,
  ints: 7,
  strings: 8,
  tensors: 9,
  graphs: 10,
} as const;
