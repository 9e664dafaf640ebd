/** Twelve digits as people read them: `1111-2222-0101`. */
export function accountNumber(id: string): string {
  return id.replace(/(\d{4})(?=\d)/g, '$1-')
}
