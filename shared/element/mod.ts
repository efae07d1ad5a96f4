/**
 * `<convscope-map>`, a custom element: importing this module makes it known to the page. For
 * browsers only.
 *
 * @module
 */
import { defineMap } from "./convscope_map.ts";

export * from "./convscope_map.ts";

defineMap();
