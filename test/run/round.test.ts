import { describe, expect, test } from 'vitest'
import { stepProgress } from '../../src/lab/progress.ts'
import { labYaml, look, open, openChecks } from '../helpers/session.ts'
import { epoch, fakeWorld } from '../helpers/world.ts'

describe('groups', () => {
  const members = `
    - { id: a, check: file, path: a.txt }
    - { id: b, check: file, path: b.txt }
    - { id: c, check: file, path: c.txt }`
  test.each<[form: string, there: string[], verdict: string]>([
    ['all', ['a', 'b', 'c'], 'passed'],
    ['all', ['a', 'b'], 'failed'],
    ['any', ['b'], 'passed'],
    ['any', [], 'failed'],
    ['none', [], 'passed'],
    ['none', ['c'], 'failed'],
    ['count, min: 2', ['a', 'b'], 'passed'],
    ['count, min: 2', ['a'], 'failed'],
    ['count, max: 1', ['a'], 'passed'],
    ['count, max: 1', ['a', 'b'], 'failed'],
  ])('%s with %j is %s', async (form, there, verdict) => {
    const [check, limit] = form.split(', ')
    const group = `- id: group\n  check: ${check}\n${limit ? `  ${limit}\n` : ''}  within: 0s\n  of:${members}`
    const opened = await openChecks(group)
    for (const name of there) opened.world.disk.put(`/w/${name}.txt`, '')
    expect((await look(opened)).verdicts).toEqual({ group: verdict })
  })

  test('is an error only where the unseen would decide it', async () => {
    const of = 'of: [{ id: a, check: file, path: a.txt }, { id: b, check: docker.image, ref: app }]'
    const opened = await openChecks(
      ['any', 'all']
        .map(form => `- { id: ${form}, check: ${form}, within: 0s, ${of.replace(/id: (\w)/g, `id: ${form}-$1`)} }`)
        .join('\n'),
    )
    opened.world.disk.put('/w/a.txt', '')
    opened.world.engine.down = { code: 'engine.down', evidence: {} }
    expect((await look(opened)).verdicts).toEqual({ any: 'passed', all: 'error' })
  })
})

describe('what one look gives to others', () => {
  test('a value captured by a check is known to the next of the step', async () => {
    const opened = await openChecks(`
- { id: up, check: docker.container, image: app, capture: { port: "self.ports['3000/tcp']" } }
- { id: web, check: tcp, needs: [up], port: "{{ steps.run.port }}" }`)
    opened.world.engine.run('kind_bell', 'app', { ports: { '3000/tcp': 49153 } })
    opened.world.open.add(49153)
    const { results } = await look(opened)
    expect(results.map(({ verdict, captures }) => [verdict, captures])).toEqual([
      ['passed', { port: 49153 }],
      ['passed', {}],
    ])
  })

  test('a value that nobody captured blocks', async () => {
    const opened = await open(
      labYaml(`  - id: before
    checks: [{ id: up, check: docker.container, image: app, capture: { port: "self.ports['3000/tcp']" } }]
  - id: run
    checks: [{ id: web, check: tcp, port: "{{ steps.before.port }}", within: 0s }]
`),
    )
    expect((await look(opened)).verdicts).toEqual({ web: 'blocked' })
  })

  test('several checks of one thing read it once a round', async () => {
    const opened = await openChecks(`
- { id: up, check: docker.container, image: app, within: 0s }
- { id: named, check: docker.container, name: kind_bell, within: 0s }
- { id: image, check: docker.image, ref: app, within: 0s }
- { id: gone, check: docker.container, name: other, not: true, within: 0s }`)
    opened.world.engine.build('app')
    opened.world.engine.run('kind_bell', 'app')
    const { verdicts } = await look(opened)
    expect(Object.values(verdicts)).toEqual(['passed', 'passed', 'passed', 'passed'])
    expect([opened.world.looks.get('containers'), opened.world.looks.get('images')]).toEqual([1, 1])
    expect(opened.world.looks.get('image')).toBe(1)
  })

  test('what was there is remembered by name, for `gone`', async () => {
    const opened = await openChecks(`
- { id: up, check: docker.container, name: kind_bell, within: 0s }
- { id: away, check: docker.container, name: kind_bell, gone: true, within: 0s }`)
    opened.world.engine.run('kind_bell', 'app')
    const { sightings, verdicts } = await look(opened)
    expect(sightings).toEqual(['container kind_bell'])
    expect(verdicts).toEqual({ up: 'passed', away: 'failed' })
  })

  test('it was never there, so it is not gone', async () => {
    const opened = await openChecks('- { id: away, check: docker.container, name: kind_bell, gone: true, within: 0s }')
    const { results } = await look(opened)
    expect(results[0]).toMatchObject({ verdict: 'failed', differences: [{ rule: 'never-existed' }] })
  })

  test('what is older than the step does not count for `since: step`', async () => {
    const world = fakeWorld()
    world.disk.put('/w/a.txt', '')
    world.later(1000, () => {})
    await world.sleep(1000)
    const opened = await openChecks('- { id: made, check: file, path: a.txt, since: step }', { world })
    const { session } = opened
    session.progress = {
      ...session.progress,
      labs: {
        web: {
          startedAt: epoch,
          vars: {},
          sightings: {},
          steps: { run: { ...stepProgress(session.progress, 'web', 'run'), startedAt: world.now() } },
        },
      },
    }
    expect((await look(opened)).results[0]).toMatchObject({ verdict: 'failed', differences: [{ rule: 'too-old' }] })
    world.disk.put('/w/a.txt', '')
    expect((await look(opened)).verdicts).toEqual({ made: 'passed' })
  })
})
