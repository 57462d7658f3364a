// What this browser remembers of its user's wishes. It may refuse to.

export function readMemory(name: string, otherwise: string): string {
  try {
    return localStorage.getItem(`stockd.${name}`) ?? otherwise;
  } catch {
    return otherwise;
  }
}

export function writeMemory(name: string, value: string): void {
  try {
    localStorage.setItem(`stockd.${name}`, value);
  } catch {
    // Then the wish holds for this page only.
  }
}
