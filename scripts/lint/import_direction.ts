/**
 * Lint rule `convscope/import-direction`: data flows one way.
 *
 * A layer may import itself and the layers listed for it, nothing else; a method never imports
 * another method. Files directly in `shared/` are for all. `shared/` is isomorphic, so the global `Deno` is refused there.
 */

import { fileURLToPath } from "node:url";

/** What works on graphs, images and numbers, and knows nothing of a network that is open. */
const FOUNDATIONS = [
  "shared/grad",
  "shared/figure",
  "shared/image",
  "shared/incremental",
  "shared/metrics",
  "shared/models",
  "shared/onnx",
  "shared/optimize",
  "shared/runtime",
  "shared/tensor",
];

/** What each layer may import besides itself. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  "shared/tensor": [],
  "shared/onnx": ["shared/tensor"],
  "shared/image": ["shared/tensor"],
  "shared/figure": ["shared/image"],
  "shared/grad": ["shared/onnx", "shared/tensor"],
  "shared/incremental": ["shared/onnx", "shared/tensor"],
  "shared/runtime": ["shared/tensor"],
  "shared/models": ["shared/onnx", "shared/figure", "shared/image", "shared/tensor"],
  "shared/metrics": ["shared/image", "shared/tensor"],
  "shared/optimize": [
    "shared/grad",
    "shared/runtime",
    "shared/models",
    "shared/onnx",
    "shared/image",
    "shared/tensor",
  ],
  "shared/compute": [],
  "shared/network": FOUNDATIONS,
  "shared/contract": ["shared/compute", "shared/network", ...FOUNDATIONS],
  "shared/synthesis": ["shared/compute", "shared/contract", "shared/network", ...FOUNDATIONS],
  "shared/ranking": ["shared/compute", "shared/contract", "shared/network", ...FOUNDATIONS],
  "shared/evaluation": ["shared/compute", "shared/contract", "shared/network", ...FOUNDATIONS],
  "shared/methods": [
    "shared/evaluation",
    "shared/synthesis",
    "shared/ranking",
    "shared/compute",
    "shared/contract",
    "shared/network",
    ...FOUNDATIONS,
  ],
  "shared/api": [
    "shared/contract",
    "shared/figure",
    "shared/image",
    "shared/models",
    "shared/network",
  ],
  "shared/element": ["shared/methods", "shared/contract", "shared/models", "shared/figure"],
  "shared/gallery": ["shared/methods", "shared/contract", "shared/figure", "shared/models"],
  "networks": ["shared"],
  "functions": ["shared", "networks"],
  "site": ["shared", "networks"],
  "scripts": ["shared", "networks", "functions"],
  "tests": ["shared", "networks", "functions", "scripts", "site"],
};

/** Files that only tests import, and tests themselves, may reach for helpers in tests/. */
const isTest = (path: string) => /_test\.ts$/.test(path);

function layerOf(path: string): string | undefined {
  const [top, second] = path.split("/");
  if (top === "shared") return second?.includes(".") ? undefined : `shared/${second}`;
  return top in ALLOWED ? top : undefined;
}

/** The method folder of a path, if it lies in one. */
const methodOf = (path: string) => /^shared\/methods\/([^/]+)\//.exec(path)?.[1];

function relativePath(filename: string): string | undefined {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const path = filename.startsWith("file:") ? fileURLToPath(filename) : filename;
  return path.startsWith(root) ? path.slice(root.length) : undefined;
}

/** Why the file at `from` may not import `specifier`, or undefined if it may. */
export function importFault(from: string, specifier: string): string | undefined {
  if (!specifier.startsWith(".")) {
    const isRuntime = specifier === "onnxruntime-web" || specifier.startsWith("onnxruntime-web/");
    return isRuntime && layerOf(from) !== "shared/runtime"
      ? "only shared/runtime may import onnxruntime-web"
      : undefined;
  }
  const to = new URL(specifier, `file:///${from}`).pathname.slice(1);
  const source = layerOf(from);
  const target = layerOf(to);
  if (source === undefined || target === undefined) return undefined;
  if (isTest(from) && target === "tests") return undefined;
  const [a, b] = [methodOf(from), methodOf(to)];
  if (a !== undefined && b !== undefined && a !== b) {
    return `method "${a}" may not import method "${b}"`;
  }
  if (source === target) return undefined;
  const allowed = ALLOWED[source].some((prefix) =>
    target === prefix || target.startsWith(`${prefix}/`)
  );
  return allowed ? undefined : `${source} may not import ${target}`;
}

const plugin: Deno.lint.Plugin = {
  name: "convscope",
  rules: {
    "import-direction": {
      create(context) {
        const from = relativePath(context.filename);
        if (from === undefined) return {};
        const check = (node: Deno.lint.Node, specifier: unknown) => {
          if (typeof specifier !== "string") return;
          const fault = importFault(from, specifier);
          if (fault) context.report({ node, message: `Cannot import "${specifier}": ${fault}` });
        };
        return {
          ImportDeclaration(node) {
            check(node, node.source.value);
          },
          ExportNamedDeclaration(node) {
            if (node.source) check(node, node.source.value);
          },
          ImportExpression(node) {
            if (node.source.type === "Literal") check(node, node.source.value);
          },
        };
      },
    },
    "isomorphic-shared": {
      create(context) {
        const from = relativePath(context.filename);
        if (from === undefined || !from.startsWith("shared/") || isTest(from)) return {};
        return {
          MemberExpression(node) {
            if (node.object.type === "Identifier" && node.object.name === "Deno") {
              context.report({
                node,
                message: "Cannot use Deno in shared/: it runs in browsers too",
              });
            }
          },
        };
      },
    },
  },
};

export default plugin;
