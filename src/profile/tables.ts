// Figures as text, in columns.

/** "123 B", "4.5 KiB", "6.7 MiB". */
export function bytesText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const kib = bytes / 1024;
  return kib < 1024 ? `${kib.toFixed(1)} KiB` : `${(kib / 1024).toFixed(1)} MiB`;
}

const isFigure = (cell: string): boolean => /^[\d.]+(?: B| KiB| MiB| %)?$/.test(cell);

/** Rows under a heading; columns of figures are set to the right. */
export function tableText(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const last = heading.length - 1, columns = heading.map((title, i) => {
    const cells = rows.map((row) => row[i]!);
    return { width: cells.reduce((width, cell) => Math.max(width, cell.length), title.length), isRight: cells.every(isFigure) };
  });
  const cellText = (cell: string, i: number): string => (columns[i]!.isRight ? cell.padStart(columns[i]!.width) : i === last ? cell : cell.padEnd(columns[i]!.width));
  return [heading, ...rows].map((row) => row.map(cellText).join("  ")).join("\n");
}
