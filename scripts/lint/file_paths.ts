/**
 * Lint rule `convscope-paths/file-url`: the pathname of a file's URL is no path. A space is "%20" in
 * it, and on Windows it begins with a slash before the drive.
 */

const plugin: Deno.lint.Plugin = {
  name: "convscope-paths",
  rules: {
    "file-url": {
      create(context) {
        return {
          MemberExpression(node) {
            const { object, property } = node;
            if (property.type !== "Identifier" || property.name !== "pathname") return;
            if (object.type !== "NewExpression") return;
            if (!context.sourceCode.getText(object).includes("import.meta.url")) return;
            context.report({
              node,
              message: "Cannot take the pathname of a file's URL for a path: use fileURLToPath",
            });
          },
        };
      },
    },
  },
};

export default plugin;
