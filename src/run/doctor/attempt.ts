import { CouldNotLook, type Problem } from '../../lab/verdict.ts'

/** What was looked at, or why it could not be. */
export type Looked<T> = { readonly value: T } | { readonly problem: Problem }

export async function attempt<T>(read: () => Promise<T>): Promise<Looked<T>> {
  try {
    return { value: await read() }
  } catch (error) {
    if (error instanceof CouldNotLook) return { problem: error.problem }
    throw error
  }
}

/** For what may be left out when it cannot be seen: `null` then, too. */
export async function perhaps<T>(read: () => Promise<T>): Promise<T | null> {
  const looked = await attempt(read)
  return 'value' in looked ? looked.value : null
}
