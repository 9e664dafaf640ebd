/** Reads CSV as RFC 4180 has it: rows of cells. Fails on anything else. */
export function cellsOf(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  const cell = /"((?:[^"]|"")*)"(,|\r\n)|([^",\r\n]*)(,|\r\n)/gy
  while (cell.lastIndex < text.length) {
    const { lastIndex } = cell
    const match = cell.exec(text)
    if (!match) throw new Error(`not CSV at ${lastIndex}: ${text.slice(lastIndex, lastIndex + 40)}`)
    const [, quoted, afterQuoted, plain, afterPlain] = match
    row.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'))
    if ((afterQuoted ?? afterPlain) === '\r\n') {
      rows.push(row)
      row = []
    }
  }
  return rows
}
