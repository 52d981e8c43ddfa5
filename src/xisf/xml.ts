/** Escapes a text for XML, as content or as a value in double quotes; control characters are left out. */
export function escapeXml(text: string): string {
  return text.replace(/\p{Cc}/gu, "").replace(/[&<>"]/g, (character) => ENTITIES[character] ?? "");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};
