import type { Model } from "./model_file.ts";
import type {
  AttributeProto,
  FunctionProto,
  GraphProto,
  NodeProto,
  SparseTensorProto,
  TensorProto,
} from "./proto/types.ts";

/**
 * The model with `change` applied to every tensor that is stored in it: initialisers, sparse ones,
 * and attributes, in the graph, in graphs inside it and in functions. What holds no changed tensor
 * stays the same object, and so keeps its bytes.
 */
export function mapTensors(model: Model, change: (tensor: TensorProto) => TensorProto): Model {
  const attribute = (held: AttributeProto): AttributeProto => {
    const [t, g] = [held.t && change(held.t), held.g && graph(held.g)];
    const [tensors, graphs] = [mapped(held.tensors, change), mapped(held.graphs, graph)];
    const isSame = t === held.t && g === held.g && tensors === held.tensors &&
      graphs === held.graphs;
    return isSame ? held : { ...held, t, g, tensors, graphs };
  };
  const node = (item: NodeProto): NodeProto => {
    const changed = mapped(item.attribute, attribute);
    return changed === item.attribute ? item : { ...item, attribute: changed };
  };
  const sparse = (item: SparseTensorProto): SparseTensorProto => {
    const [values, indices] = [
      item.values && change(item.values),
      item.indices && change(item.indices),
    ];
    const isSame = values === item.values && indices === item.indices;
    return isSame ? item : { ...item, values, indices };
  };
  const graph = (item: GraphProto): GraphProto => {
    const nodes = mapped(item.node, node);
    const initializer = mapped(item.initializer, change);
    const sparseInitializer = mapped(item.sparseInitializer, sparse);
    const isSame = nodes === item.node && initializer === item.initializer &&
      sparseInitializer === item.sparseInitializer;
    return isSame ? item : { ...item, node: nodes, initializer, sparseInitializer };
  };
  const body = (item: FunctionProto): FunctionProto => {
    const nodes = mapped(item.node, node);
    const attributeProto = mapped(item.attributeProto, attribute);
    const isSame = nodes === item.node && attributeProto === item.attributeProto;
    return isSame ? item : { ...item, node: nodes, attributeProto };
  };
  const [main, functions] = [graph(model.graph), mapped(model.functions, body)];
  const isSame = main === model.graph && functions === model.functions;
  return isSame ? model : { ...model, graph: main, functions };
}

/** The list with every element changed, or the list itself where none is. */
function mapped<T>(list: readonly T[], change: (item: T) => T): readonly T[] {
  const result = list.map(change);
  return result.some((item, i) => item !== list[i]) ? result : list;
}
