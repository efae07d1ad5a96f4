import { fileURLToPath } from "node:url";

const folder = (path: string) => fileURLToPath(new URL(`../../site/${path}`, import.meta.url));

/** The figures that show nothing but what ships with the project. */
export const GALLERY_FOLDER = folder("gallery");

/** Those that show the user's own photographs. */
export const OWN_FOLDER = folder("gallery-own");
