import { expect, test } from 'vitest'
import { chainOf, linked, onlyThose } from '../../src/run/chain.ts'

const event = (at: number) => ({ at, lab: 'web', step: 'up', event: 'step.reset' }) as const

function lines(count: number): string[] {
  const all: string[] = []
  for (let at = 1; at <= count; at++) all.push(linked(event(at), all.at(-1)))
  return all
}

const old = JSON.stringify(event(0))
const text = (all: readonly string[]) => all.map(line => `${line}\n`).join('')

test.each([
  ['as it was written', lines(4), undefined],
  ['nothing', [], undefined],
  ['lines from before they were linked', [old, old], undefined],
  ['the same, and linked ones after them', [old, linked(event(1), old)], undefined],
  ['its last line half written', [...lines(3), '{"at":4,"l'], undefined],
  ['one changed', lines(4).with(1, lines(4)[1]!.replace('"at":2', '"at":9')), 3],
  ['the last one changed is not seen', lines(4).with(3, lines(4)[3]!.replace('"at":4', '"at":9')), undefined],
  ['one taken out', lines(4).toSpliced(1, 1), 2],
  ['the first taken out', lines(4).slice(1), 1],
  ['two exchanged', [0, 2, 1, 3].map(index => lines(4)[index]!), 2],
  ['one put in without a link', lines(4).toSpliced(2, 0, old), 3],
  ['no JSON in the middle', lines(4).toSpliced(2, 0, 'hello'), 3],
  ['not an event', lines(4).toSpliced(2, 0, '{"at":"x"}'), 3],
  ['null', ['null', ...lines(1)], 1],
] as const)('%s', (_, all, brokenAt) => {
  expect(chainOf(text(all)).brokenAt).toBe(brokenAt)
})

test('the end of a long record may begin anywhere', () => {
  expect(chainOf(text(lines(5).slice(2)), true)).toMatchObject({ events: [{ at: 3 }, { at: 4 }, { at: 5 }] })
  expect(chainOf(text(lines(5).slice(2)), true).brokenAt).toBeUndefined()
  expect(chainOf(text(lines(5).slice(2).toSpliced(1, 1)), true).brokenAt).toBe(2)
})

test('what is left out keeps its place in the chain, and nothing else', () => {
  const all = lines(4)
  const own = onlyThose(text(all), each => each.at !== 2)
  expect(own).not.toContain('"at":2')
  expect(chainOf(own)).toEqual({ events: [1, 3, 4].map(at => expect.objectContaining({ at })) })
  expect(chainOf(own.replace('"at":3', '"at":9')).brokenAt).toBe(4)
  const without = own.split('\n').toSpliced(1, 1).join('\n')
  expect(chainOf(without).brokenAt).toBe(2)
})
