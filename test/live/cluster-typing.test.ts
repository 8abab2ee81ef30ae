import { beforeAll, describe, expect, test } from 'vitest'
import { live } from '../helpers/live.ts'
import { clusterForFile } from '../helpers/locks.ts'
import { labs } from './course.ts'
import { buildProgram, type Home, lab, newHome, processesOf, recorded } from './program.ts'
import { readLab, typeLab } from './typed-lab.ts'
import { openTypist } from './typist.ts'
import { expectUsable } from './usable.ts'

/** The labs with a cluster, by somebody who types every command of them. */

clusterForFile()
beforeAll(buildProgram)

const ids = labs.filter(each => each.usesCluster).map(each => each.id)
const limit = 600_000

live('docker', 'kind')('typed', () => {
  describe.each([
    { shell: 'bash', language: 'ko' },
    { shell: 'zsh', language: 'en' },
  ] as const)('$shell, $language', ({ shell, language }) => {
    let home: Home
    beforeAll(() => {
      home = newHome(language)
      return async () => {
        for (const id of ids.toReversed()) await lab(home, 'clean', id, '--yes')
        home.remove()
      }
    }, limit)

    test.each(ids)('%s', { timeout: limit }, async id => {
      const typist = await openTypist(home, { lab: id, shell })
      await typeLab(typist, home, await readLab(id))
      const end = await typist.ended()
      expect(end.exit).toBe(0)
      expectUsable(end)
      expect(typist.shown()).not.toMatch(/undefined|\[object|\{\{|\n\s+at /)
      expect(recorded(home).findLast(({ event }) => event === 'typed')).toMatchObject({ cause: null })
      expect(processesOf(home.dir)).toEqual([])
    })
  })
})
