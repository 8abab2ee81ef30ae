import { expect } from 'vitest'
import type { Ended } from './typist.ts'

/** A shell in this terminal shows what is typed, takes a line at a time, and nothing of a program is left on the screen. */
export function expectUsable({ modes, cursor, left }: Pick<Ended, 'modes' | 'cursor' | 'left'>): void {
  for (const mode of ['icanon', 'echo', 'isig', 'iexten', 'icrnl', 'ixon', 'opost', 'onlcr'])
    expect(modes).toContain(mode)
  expect(left).toEqual([])
  expect(cursor).toBe(true)
}
