/** The first of the synonyms that an ImageNet label lists. */
export const shortLabel = (label: string): string => label.split(",")[0];
