/**
 * The element of that id.
 *
 * @throws {TypeError} If the page has none of that kind.
 */
export function element<T extends Element>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new TypeError(`Cannot find the element "${id}": the page has no ${kind.name} of that id`);
}
