import { describe, expect, test } from 'vitest'
import { findingsOf, verdictOf } from '../../src/prove/proof.ts'
import { lineOf, proven } from './bench.ts'
import { changed, machine, shop, yaml } from './shop.ts'

/** The mistake of the step `price`. */
const dearer = [
  '    mistakes:\n      - { id: dearer, run: sed -i s/9/10/ price.txt, cause: state.mismatch }\n',
  '',
] as const

const errors = (found: readonly string[]) => found.filter(each => !each.endsWith('near-miss'))

test('a right lab is proven, part by part, and the machine is as it was', async () => {
  const world = machine()
  const { tried, found } = await proven({ files: shop, world })
  expect(errors(found)).toEqual([])
  expect(tried.filter(each => !each.includes('near-misses'))).toEqual([
    'files passed',
    'ready passed',
    ...['sign', 'price', 'open', 'close'].flatMap(step => [
      `${step} before passed`,
      ...{ sign: ['mistakes empty'], price: ['mistakes dearer'], open: ['mistakes other-door'], close: [] }[step]!.map(
        each => `${step} ${each} passed`,
      ),
      `${step} solution passed`,
      `${step} reset passed`,
      `${step} again passed`,
    ]),
    'clean passed',
  ])
  expect(world.engine.containers).toEqual([])
  expect(world.disk.paths().filter(path => path.startsWith('/proof'))).toEqual([])
})

describe('a lab that is broken on purpose: each is found, and its line named', () => {
  const at = (files: Record<string, string>, text: string) => lineOf(files['shop/lab.yaml']!, text)

  test.each<[string, Record<string, string>, string, string]>([
    [
      'a check that always passes',
      changed(['path: sign.txt\n        expect: { text: { $contains: open } }', 'path: price.txt']),
      'id: hung',
      'passes-before',
    ],
    ['a check that cannot pass', changed(['$contains: open', '$contains: opne']), 'id: hung', 'not-passed'],
    ['a solution that does not work any more', { ...shop, 'shop/files/price.txt': '7\n' }, 'id: lower', 'not-passed'],
    [
      'a reset that does nothing',
      changed(['run: docker start door', 'run: docker ps']),
      'reset:\n      - { run: docker ps',
      'passes-after-reset',
    ],
    [
      'no reset where one is needed',
      changed([`    reset:\n      - { run: 'cp "{{ lab.dir }}/files/price.txt" price.txt' }\n`, ''], dearer),
      'id: lower',
      'passes-after-reset',
    ],
    [
      'a reset that takes too much',
      changed(['run: docker start door', 'run: docker rm -f door']),
      'reset:\n      - { run: docker rm',
      'reset-breaks',
    ],
    ['a cleanup that leaves a file', changed(['rm -f ~/receipt', 'rm -f ~/reciept']), 'id: receipt', 'left-behind'],
    ['a wrong way that passes', changed(['touch sign.txt', 'echo open > sign.txt']), 'id: empty', 'mistake-passes'],
    [
      'a wrong way with another cause',
      changed(['cause: container.missing', 'cause: container.exited']),
      'cause: container.exited',
      'mistake-other-cause',
    ],
    [
      'a hint that tells the answer',
      changed(['Look at the price again.', 'Type `sed -i s/9/8/ price.txt`.']),
      'id: dearer',
      'mistake-tells',
    ],
    ['a step that undoes an earlier one', changed(['    until: close\n', '']), 'id: close', 'breaks-earlier'],
  ])('%s', async (_, files, text, code) => {
    const { found, proofs } = await proven({ files, world: machine() })
    expect(errors(found)).toContain(`shop/lab.yaml:${at(files, text)} ${code}`)
    expect(verdictOf(proofs[0]!.trials)).toBe('failed')
  })

  test('a Korean text with another command: nothing is played', async () => {
    const ko = shop['shop/ko.md']!.replace('docker stop door', 'docker kill door')
    const { found, tried } = await proven({ files: { ...shop, 'shop/ko.md': ko }, world: machine() })
    expect(tried).toEqual(['files failed'])
    expect(found).toEqual([`shop/ko.md:${lineOf(ko, 'docker kill')} command-differs`])
  })

  test('an image whose tag is gone', async () => {
    const world = machine()
    const said =
      'Error response from daemon: manifest for nginx:1.28-alpine not found: manifest unknown: manifest unknown'
    world.on(/^docker run/, {
      exit: 125,
      stderr: `Unable to find image 'nginx:1.28-alpine' locally\ndocker: ${said}\n`,
    })
    const { found, proofs, tried } = await proven({ files: shop, world, only: ['reset'] })
    expect(errors(found)).toEqual([`shop/lab.yaml:${lineOf(yaml, 'id: door')} command-failed`])
    const details = proofs[0]!.trials.flatMap(trial =>
      trial.findings.flatMap(each => each.details.map(line => line.en)),
    )
    expect(details.join('\n')).toMatch(/image\.missing/)
    expect(tried).toContain('close solution skipped')
  })

  test('a cleanup that leaves the container', async () => {
    const world = machine()
    world.on(/^docker run/, () => {
      world.engine.run('door', 'nginx:1.28-alpine')
      world.engine.stuck.set('door', 'removal of container is already in progress')
      return {}
    })
    const { found, proofs } = await proven({ files: shop, world, only: ['before'] })
    expect(errors(found)).toContain(`shop/lab.yaml:${lineOf(yaml, 'id: door')} left-behind`)
    const details = findingsOf(proofs).flatMap(each => each.details.map(line => line.en))
    expect(details).toContain('removal of container is already in progress')
  })
})

describe('what could not be tried is no flaw of the lab', () => {
  const verdict = async (given: Parameters<typeof proven>[0]) => {
    const { proofs, found, world } = await proven(given)
    return { verdict: verdictOf(proofs[0]!.trials), found, world }
  }

  test('something is missing', async () => {
    const message = { ko: 'kind가 없어요', en: 'kind is not installed' }
    const lacking = [{ code: 'tool.missing', ok: false, subject: 'kind', labs: ['shop'], message }]
    const seen = await verdict({ files: shop, world: machine(), lacking })
    expect(seen).toMatchObject({ verdict: 'error', found: [`shop/lab.yaml:${lineOf(yaml, 'requires:')} not-ready`] })
  })

  test('what it makes is there already, and stays', async () => {
    const world = machine()
    world.engine.run('door', 'somebody-elses')
    const seen = await verdict({ files: shop, world })
    expect(seen).toMatchObject({ verdict: 'error', found: ['shop/lab.yaml:1 not-fresh'] })
    expect(world.engine.containers.map(each => each.image)).toEqual(['somebody-elses'])
  })

  test('no engine answers', async () => {
    const world = machine()
    world.engine.down = { code: 'engine.down', evidence: { host: 'unix:///var/run/docker.sock' } }
    expect(await verdict({ files: shop, world })).toMatchObject({
      verdict: 'error',
      found: ['shop/lab.yaml:1 could-not-look'],
    })
  })

  test('the engine goes while a check looks', async () => {
    const world = machine()
    world.on(/^docker run -d --name door/, () => {
      world.engine.down = { code: 'engine.down', evidence: { host: 'unix:///var/run/docker.sock' } }
      return {}
    })
    const seen = await verdict({ files: shop, world, only: [] })
    expect(seen.verdict).toBe('error')
    expect(seen.found).toContain(`shop/lab.yaml:${lineOf(yaml, 'id: running')} blind-after`)
  })

  test('a registry that does not answer', async () => {
    const world = machine()
    const said = 'Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io: no such host'
    world.on(/^docker run/, { exit: 125, stderr: `docker: Error response from daemon: ${said}.\n` })
    const seen = await verdict({ files: shop, world, only: [] })
    expect(seen.verdict).toBe('error')
    expect(errors(seen.found)).toEqual([`shop/lab.yaml:${lineOf(yaml, 'id: door')} command-failed`])
  })

  test('interrupted: what it has made is removed', async () => {
    const seen = await verdict({
      files: shop,
      world: machine(),
      interruptAt: event => event.event === 'command.finished' && event.command === 'door',
    })
    expect(seen.verdict).toBe('error')
    expect(seen.found.some(each => each.endsWith('interrupted'))).toBe(true)
    expect(seen.world.engine.containers).toEqual([])
  })
})

test('only one step: the others are played, not proven', async () => {
  const { tried } = await proven({ files: shop, world: machine(), step: 'price', only: ['before', 'reset'] })
  expect(tried).toEqual([
    'files passed',
    'ready passed',
    'sign solution passed',
    'price before passed',
    'price solution passed',
    'price reset passed',
    'price again passed',
    'open solution passed',
    'close solution passed',
    'clean passed',
  ])
})

test('a near miss that no check notices is told, and is no failure', async () => {
  const files = changed(['path: sign.txt\n        expect: { text: { $contains: open } }', 'path: sign.txt'])
  const two: Record<string, string> = { ...files, 'shop/solution/sign.txt': 'open\ntoday\n' }
  const { found, proofs } = await proven({ files: two, world: machine(), only: ['reset', 'near-misses'] })
  const line = lineOf(two['shop/lab.yaml']!, 'file: sign.txt')
  expect(found.filter(each => each === `shop/lab.yaml:${line} near-miss`)).toHaveLength(2)
  expect(verdictOf(proofs[0]!.trials)).toBe('passed')
  const played = proofs[0]!.trials.filter(trial => trial.part === 'near-misses')
  expect(played.map(({ step, tried }) => `${step} ${tried}`)).toEqual(['sign 2', 'price 1', 'open 3', 'close 1'])
})

describe('labs that start from the same lab', () => {
  /** Starts from the shop and opens one more door of this name; `more` is what its step does besides. */
  const annexe = (name: string, more = ''): Record<string, string> => {
    const fence = (id: string, run: string) => `\`\`\`bash run=${id}\n${run}\n\`\`\`\n`
    const run = `docker run -d --name ${name} nginx:1.28-alpine`
    const text = `\nA ${name}.\n\n## ${name} {#open}\n\n${fence('door', run)}${more && fence('more', more)}`
    return {
      [`${name}/lab.yaml`]: [
        `format: 1\ntitle: { ko: ${name}, en: ${name} }\nlevel: beginner\nminutes: 5\nneeds: [shop]`,
        'requires: { tools: { docker: "*" } }\nimages: ["nginx:1.28-alpine"]\nsteps:',
        `  - id: open\n    commands:\n      - { id: door, run: ${run} }`,
        ...(more ? [`      - { id: more, run: ${more} }`] : []),
        `    checks:\n      - { id: running, check: docker.container, name: ${name}, expect: { state: running } }\n`,
      ].join('\n'),
      [`${name}/ko.md`]: text,
      [`${name}/en.md`]: text,
    }
  }
  const around = { labs: ['shop', 'left', 'right'], ids: ['left', 'right'], only: ['before'] } as const
  const opened = (events: Awaited<ReturnType<typeof proven>>['events']) =>
    events.filter(each => each.event === 'command.finished' && each.lab === 'shop' && each.command === 'door').length

  test('it is played once for them, and cleaned up after the last', async () => {
    const world = machine()
    const files = { ...shop, ...annexe('left'), ...annexe('right') }
    const { tried, found, events } = await proven({ files, world, ...around })
    expect(errors(found)).toEqual([])
    expect(tried).toEqual([
      ...['files passed', 'ready passed', 'needs passed', 'open before passed', 'open solution passed', 'clean passed'],
      ...['files passed', 'ready passed', 'open before passed', 'open solution passed', 'clean passed'],
    ])
    expect(opened(events)).toBe(1)
    expect(world.engine.containers).toEqual([])
    expect(world.disk.paths().filter(path => path.startsWith('/proof'))).toEqual([])
  })

  test('what one has left is found right after it, and the next begins on clean ground', async () => {
    const files = { ...shop, ...annexe('left', 'echo mine > ~/bill'), ...annexe('right') }
    const { found, tried, events } = await proven({
      files,
      world: machine(),
      ...around,
    })
    const line = lineOf(files['left/lab.yaml']!, 'id: more')
    expect(errors(found)).toEqual([`left/lab.yaml:${line} left-behind`])
    expect(tried.filter(each => /needs|clean/.test(each))).toEqual([
      'needs passed',
      'clean failed',
      'needs passed',
      'clean passed',
    ])
    expect(opened(events)).toBe(2)
  })

  test('what one ends of the lab below is played again for the next', async () => {
    const files = { ...shop, ...annexe('left', 'docker start door'), ...annexe('right') }
    const { found, events } = await proven({ files, world: machine(), ...around })
    expect(errors(found)).toEqual([])
    expect(opened(events)).toBe(2)
  })
})
