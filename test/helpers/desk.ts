import type { Answer, Desk } from '../../src/run/desk.ts'

/** A desk without a socket, for one who asks in the same process. */
export function fakeDesk(): Desk & { readonly isOpen: () => boolean } {
  let answer: ((words: readonly string[]) => Promise<Answer>) | null = null
  return {
    async open(_, given) {
      answer = given
      return {
        close: () => {
          if (answer === given) answer = null
        },
      }
    },
    ask: async (_, words) => (answer ? answer(words) : null),
    isOpen: () => answer !== null,
  }
}
