import { expect, test } from 'vitest'
import { evaluateEvidence } from '../../src/grade/collect.ts'
import type { Collected, RunInfo } from '../../src/grade/collected.ts'
import { jointDigest } from '../../src/grade/digest.ts'
import { repeatedSteps, withHidden } from '../../src/grade/hidden.ts'
import { judgeStudent } from '../../src/grade/judging.ts'
import { labYaml, open } from '../helpers/session.ts'
import { fakeWorld } from '../helpers/world.ts'
import { digest, student, tool } from './grading.ts'

const visible = `
  - id: write
    edits: [{ file: a.txt, solution: solution/a.txt }]
    checks: [{ id: a, check: file, path: a.txt }]
`
/** No way to do them: nobody does hidden steps. */
const hiddenSteps = `
  - id: more
    score: all
    rubric: [{ id: style, points: 3, text: Reads well }]
    checks:
      - { id: text, check: file, path: a.txt, expect: { text: { $contains: "{{ vars.word }}" } }, points: 4 }
      - { id: b, check: file, path: b.txt, needs: [text] }
`

async function both() {
  const kim = await student(visible)
  const { lab } = await open(labYaml(hiddenSteps, 'vars: { word: good }'), { world: fakeWorld() })
  return { kim, hidden: lab, graded: withHidden(kim.exam, lab) }
}

test('what is looked at live is judged by the hidden checks too, and they are marked', async () => {
  const { kim, graded } = await both()
  kim.world.disk.put('/w/a.txt', 'a good one')
  const evidence = await kim.collect({ exam: graded })
  const { checks, totals } = await evaluateEvidence(graded, evidence, 'live')
  expect(checks).toMatchObject([
    { id: 'a', step: 'write', visibility: 'visible', status: 'passed', earned: 1 },
    { id: 'text', step: 'more', visibility: 'hidden', status: 'passed', earned: 4 },
    { id: 'b', step: 'more', visibility: 'hidden', status: 'failed', earned: 0 },
    { id: 'style', step: 'more', visibility: 'hidden', status: 'error', error: { class: 'manual' } },
  ])
  expect(totals).toMatchObject({ earned: 1, possible: 9 })
})

test('what a student handed in holds what the visible checks are about; the rest is unknown, and no zero', async () => {
  const { kim, graded } = await both()
  kim.world.disk.put('/w/a.txt', 'a good one')
  const { checks } = await evaluateEvidence(graded, await kim.collect(), 'recorded')
  expect(checks).toMatchObject([
    { id: 'a', status: 'passed' },
    { id: 'text', status: 'passed', evidence: 'recorded' },
    { id: 'b', visibility: 'hidden', status: 'error', earned: null, error: { class: 'not-collected' } },
    { id: 'style' },
  ])
})

test('the variables of the lab are those of the hidden checks', async () => {
  const { kim, hidden } = await both()
  const lab = { ...kim.exam.lab, vars: { word: 'bad' } }
  kim.world.disk.put('/w/a.txt', 'a good one')
  const { checks } = await evaluateEvidence(withHidden({ ...kim.exam, lab }, hidden), await kim.collect(), 'live')
  expect(checks[1]).toMatchObject({ id: 'text', status: 'failed' })
})

test('without hidden checks nothing is hidden', async () => {
  const { kim } = await both()
  expect((await evaluateEvidence(kim.exam, await kim.collect(), 'live')).checks).toMatchObject([
    { id: 'a', visibility: 'visible' },
  ])
})

test('a step of both is named', async () => {
  const { kim, hidden } = await both()
  expect(repeatedSteps(kim.exam.lab, hidden)).toEqual([])
  expect(repeatedSteps(kim.exam.lab, { ...hidden, steps: [...hidden.steps, ...kim.exam.lab.steps] })).toEqual(['write'])
})

test('what students have is no other version; another one still is', async () => {
  const { kim, graded } = await both()
  const joint = jointDigest(digest, `sha256:${'b'.repeat(64)}`)
  const run: RunInfo = {
    ...{ id: 'r1', assignment: 'a1', course: 'devops', tool, startedAt: '2026-03-02T10:00:00.000Z' },
    lab: { id: 'web', digest: joint, shipped: digest },
  }
  const judged = async (own: string) => {
    const evidence = { ...(await kim.collect()), lab: { id: 'web', digest: own } }
    const collected: Collected = {
      ...{ schema: 'lab/collected/v1', student: 'kim', at: 0, level: 'recorded', flags: [] },
      ...{ target: { kind: 'record', label: 'kim.labz' }, attempts: [{ submittedAt: 5, evidence }] },
    }
    const row = { id: 'kim', name: 'kim', email: '', section: '', group: '', extraTime: 0, columns: {} }
    return (await judgeStudent(run, graded, { ...row, status: 'active' }, collected))[0]!
  }
  const codes = async (own: string) => (await judged(own)).flags.map(({ code }) => code)
  expect(await codes(digest)).toEqual([])
  expect(await codes(joint)).toEqual([])
  expect(await codes(`sha256:${'c'.repeat(64)}`)).toEqual(['other-lab-version'])
  expect(await judged(digest)).toMatchObject({ state: 'incomplete', lab: { id: 'web', digest: joint } })
})
