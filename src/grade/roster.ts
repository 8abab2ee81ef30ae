/** One row of `roster.csv`. Whoever a result is of, is said here and nowhere else. */
export interface Student {
  /** A file name and a key: `^[A-Za-z0-9._-]{1,64}$`. */
  readonly id: string
  readonly name: string
  readonly email: string
  readonly section: string
  readonly group: string
  readonly status: 'active' | 'excused' | 'dropped'
  /** Added to the due time, ms. */
  readonly extraTime: number
  /** All columns as they stand, those that we do not know as well. */
  readonly columns: Readonly<Record<string, string>>
}
