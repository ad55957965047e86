/** Bytes for people: `812 B`, `1.4 MB`. Decimal units, as disks and `ls --si` count. */
export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ["kB", "MB", "GB", "TB"];
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** A number with thousands set apart. */
export function grouped(number: number): string {
  return number.toLocaleString("en-US");
}
