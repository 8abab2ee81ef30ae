import type { ObjectQuery } from '../../check/reader.ts'
import type { Picture } from './picture.ts'
import type { Resource } from './resources.ts'

/** What one list request is about. */
export interface Listed {
  readonly context: string
  readonly resource: Resource
  readonly namespace?: string
  readonly path: string
}

/** Finding and reading lists, for those who keep them up. */
export interface Lists {
  /** `null`: the server knows no such kind. */
  find(query: ObjectQuery): Promise<Listed | null>
  read(listed: Listed): Promise<Picture | null>
}
