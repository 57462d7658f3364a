// Tables as CSV (RFC 4180) that spreadsheets may open without running anything.

export type CsvValue = string | number | bigint | null | undefined;

function field(value: CsvValue): string {
  if (value === null || value === undefined) return "";
  if (typeof value !== "string") return String(value);
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

export function csvOf(titles: readonly string[], rows: readonly (readonly CsvValue[])[]): string {
  return [titles, ...rows].map((row) => row.map(field).join(",") + "\r\n").join("");
}

export function saveCsv(
  name: string,
  titles: readonly string[],
  rows: readonly (readonly CsvValue[])[],
): void {
  // The mark at the beginning tells spreadsheets that it is UTF-8.
  const blob = new Blob(["\uFEFF", csvOf(titles, rows)], { type: "text/csv;charset=utf-8" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `${name}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
