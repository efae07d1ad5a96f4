/**
 * OpenCV, 10 MB. In a module of its own: the library is a "thenable" that resolves to itself without
 * end, so that it must never be what a promise gives, as an import of it by itself would.
 *
 * @module
 */
import openCv from "@techstark/opencv-js";

export { openCv };
