/** Twelve digits as people read them: `1111-2222-0101`. */
export function accountNumber(id: string): string {
  return `${id.slice(0, 4)}-${id.slice(4, 8)}-${id.slice(8)}`
}
