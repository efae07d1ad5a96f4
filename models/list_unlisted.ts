import { join } from "node:path";
import { type ModelFolders, modelFolders } from "./folders.ts";
import { hubFile } from "./hub_model.ts";
import { listModels } from "./manifests.ts";

/** A network on this machine that no manifest lists. */
export interface UnlistedModel {
  /** Letters, digits, dots and dashes; unique among all networks. */
  readonly id: string;
  /** Of its .onnx file. */
  readonly path: string;
  /** Where it lies in the hub's layout: its name, as "owner/name", and its folder. */
  readonly repository?: { readonly name: string; readonly folder: string };
}

/** Names of folders that may be an owner's or a repository's; neither "." nor ".." nor hidden. */
const PLAIN = /^\w[\w.-]*$/;

/**
 * The networks that lie in the user's own folder, in the mirror and in the cache and that no
 * manifest lists, by id: .onnx files, and repositories in the hub's layout. Of what is there now.
 */
export function listUnlisted(folders: ModelFolders = modelFolders()): readonly UnlistedModel[] {
  const listed = listModels();
  const seen = new Set(
    listed.flatMap(({ id, source }) => "hub" in source ? [id, source.hub.repository] : [id]),
  );
  const found = [...new Set([folders.own, folders.mirror, folders.cache])]
    .flatMap((base) => base === undefined ? [] : networksIn(base))
    .filter(({ repository }) => {
      if (!repository) return true;
      const isNew = !seen.has(repository.name);
      seen.add(repository.name);
      return isNew;
    });
  const taken = new Set(listed.map(({ id }) => id));
  return found.map((model) => ({ id: freeId(model, taken), ...model }));
}

/** The network of that id, or of that repository. */
export function findUnlisted(
  idOrRepository: string,
  folders: ModelFolders = modelFolders(),
): UnlistedModel | undefined {
  return listUnlisted(folders).find(({ id, repository }) =>
    id === idOrRepository || repository?.name === idOrRepository
  );
}

function networksIn(base: string): Omit<UnlistedModel, "id">[] {
  const files = entries(base).filter(isNetwork).map((name) => ({ path: join(base, name) }));
  const repositoryAt = (name: string) => {
    const folder = join(base, name);
    const path = hubFile(folder);
    return path === undefined ? [] : [{ path, repository: { name, folder } }];
  };
  const repositories = entries(base).filter((name) => PLAIN.test(name)).flatMap((name) => {
    const own = repositoryAt(name);
    // What has a network is no owner: its folders are its own.
    if (own.length > 0) return own;
    const inner = entries(join(base, name)).filter((one) => PLAIN.test(one));
    return inner.flatMap((one) => repositoryAt(`${name}/${one}`));
  });
  return [...files, ...repositories];
}

const isNetwork = (name: string) => /^[^.].*\.onnx$/i.test(name);

/** Names in a folder, in order; none where there is no such folder. */
function entries(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  } catch (error) {
    const isNone = error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory || error instanceof Deno.errors.PermissionDenied;
    if (isNone) return [];
    throw error;
  }
}

/** An id that no other network has: of the repository's name, or of the file's. */
function freeId({ path, repository }: Omit<UnlistedModel, "id">, taken: Set<string>): string {
  const name = repository?.name.replaceAll("/", "--") ??
    path.replace(/^.*[\\/]/, "").replace(/\.onnx$/i, "");
  const wished = name.replace(/[^\w.-]+/g, "-") || "network";
  let id = wished;
  for (let count = 2; taken.has(id); count++) id = `${wished}-${count}`;
  taken.add(id);
  return id;
}
