const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

/** Text as it stands in XML. */
export const xml = (text: string) => text.replaceAll(/[&<>"]/g, (letter) => ENTITIES[letter]);
