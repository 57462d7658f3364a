// Finding names the way people type them: without accents, in any case, and with the four letters
// i of Turkish taken as one.

export function fold(text: string): string {
  return text
    .replace(/[Iıİi]\u0307?/g, "i")
    .toLowerCase()
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replaceAll("ł", "l")
    .replaceAll("ß", "ss");
}

// Whether every word of the query is in one of the texts.
export function matches(query: string, ...texts: string[]): boolean {
  const words = fold(query)
    .split(/\s+/)
    .filter((word) => word !== "");
  const folded = texts.map(fold);
  return words.every((word) => folded.some((text) => text.includes(word)));
}

// Spellings of the query to ask a server for that only knows ASCII: as typed, and as Turkish and
// other languages change its case.
export function spellings(query: string): string[] {
  const typed = query.trim();
  const first = (locale: string) => typed.slice(0, 1).toLocaleUpperCase(locale) + typed.slice(1);
  return [
    ...new Set([
      typed,
      typed.toLocaleLowerCase("tr"),
      typed.toLocaleUpperCase("tr"),
      first("tr"),
      typed.toLowerCase(),
      typed.toUpperCase(),
    ]),
  ].filter((spelling) => spelling !== "");
}
