import { beforeAll, expect, test } from 'vitest'
import { type Broken, provenBroken } from '../helpers/broken-lab.ts'
import { built } from '../helpers/lab.ts'

/**
 * A right lab, broken on purpose in one way at a time, on a real machine without an engine: `lab test` finds it and names
 * the file and the line. With Docker: test/live/broken-labs.test.ts.
 */

beforeAll(built, 60_000)

const lower = 'sed -i.bak s/9/8/ prices.txt'
const deliver = 'cp prices.txt ~/delivered.txt && ls ~ > home.txt'
const slow = { timeout: 60_000 }

/** The command in lab.yaml and in both texts. */
const everywhere = (from: string, to: string) => ['lab.yaml', 'ko.md', 'en.md'].map(file => [from, to, file] as const)

const broken: Readonly<Record<string, Broken>> = {
  'a check that always passes': {
    change: [['path: sign.txt\n        expect: { text: { $contains: open } }', 'path: prices.txt']],
    at: '- id: hung',
    code: 'passes-before',
  },
  'a check that cannot pass': {
    change: [['$contains: open', '$contains: opne']],
    at: '- id: hung',
    code: 'not-passed',
  },
  'a command of the solution that fails': {
    change: everywhere(lower, 'sed -i.bak s/9/8/ price.txt'),
    at: '- { id: lower, run',
    code: 'command-failed',
  },
  'a solution that does not do it any more': {
    change: [['bread 9', 'bread 7', 'files/prices.txt']],
    at: '- id: lower\n        title',
    code: 'not-passed',
  },
  'no reset where one is needed': {
    change: [
      [`    reset:\n      - { run: 'cp "{{ lab.dir }}/files/prices.txt" prices.txt' }\n`, ''],
      ['    mistakes:\n      - { id: dearer', '    # mistakes:\n    #  - { id: dearer'],
      ['      - { id: other-file', '    #  - { id: other-file'],
    ],
    at: '- id: lower\n        title',
    code: 'passes-after-reset',
  },
  'a reset that takes too much': {
    change: [
      [`      - { run: 'cp "{{ lab.dir }}`, `      - { run: rm -f sign.txt }\n      - { run: 'cp "{{ lab.dir }}`],
    ],
    at: 'reset:\n      - { run: rm -f sign.txt }',
    code: 'reset-breaks',
  },
  'a clean that leaves a file': {
    change: [['rm -f ~/delivered.txt', 'rm -f ~/deliverd.txt']],
    at: '- { id: deliver, run',
    code: 'left-behind',
  },
  'a clean that leaves a process': {
    change: everywhere(deliver, `${deliver} && (setsid sleep 61 > /dev/null 2>&1 &)`),
    at: '- { id: deliver, run',
    code: 'left-behind',
  },
  'a Korean text with another command': {
    change: [[lower, 'sed -i.bak s/9/7/ prices.txt', 'ko.md']],
    at: 'sed -i.bak s/9/7/ prices.txt',
    in: 'ko.md',
    code: 'command-differs',
  },
  'a step that the English text lacks': {
    change: [['## Deliver {#deliver}', '## Deliver', 'en.md']],
    at: '```bash run=deliver',
    in: 'en.md',
    code: 'command-elsewhere',
  },
  'a wrong way that passes': {
    change: [['echo closed > sign.txt', 'echo opened > sign.txt']],
    at: '- { id: closed',
    code: 'mistake-passes',
  },
  'a wrong way with another cause': {
    change: [['cause: file.missing', 'cause: http.refused']],
    at: 'cause: http.refused }\ncleanup',
    code: 'mistake-other-cause',
  },
  'a hint that gives the answer away': {
    change: [['Look at the price again.', `Type \`${lower}\`.`]],
    at: '- { id: dearer',
    code: 'mistake-tells',
  },
  'a step that undoes an earlier one': {
    change: everywhere(deliver, `${deliver} && rm sign.txt`),
    at: '- id: deliver',
    code: 'breaks-earlier',
  },
  'a mistake that leaves a file': {
    change: [['run: echo closed > sign.txt', 'run: touch ~/closed && echo closed > sign.txt']],
    at: '- { id: closed',
    code: 'left-behind',
  },
}

test.each(Object.entries(broken))('%s', slow, async (_, lab) => {
  const { exit } = await provenBroken('bakery', lab)
  expect(exit).toBe(lab.in ? 2 : 1)
})

test('a check that looks at too little is told, and fails nothing', slow, async () => {
  const { exit } = await provenBroken('bakery', {
    change: [['open\n', 'open\nfrom nine\nto five\n', 'solution/sign.txt']],
    at: '- { file: sign.txt',
    code: 'near-miss',
    severity: 'warning',
  })
  expect(exit).toBe(0)
})

test('a tool that is not there is no flaw of the lab', slow, async () => {
  const { exit } = await provenBroken('bakery', {
    change: [['minutes: 5\n', 'minutes: 5\nrequires: { tools: { no-such-tool: "*" } }\n']],
    at: 'requires:',
    code: 'not-ready',
  })
  expect(exit).toBe(3)
})

test('containers that the runner would not know of: nothing is played', slow, async () => {
  const { exit } = await provenBroken('door', {
    change: [['docker: ">=20.10"', 'sh: "*"']],
    at: '- { id: open, run',
    code: 'engine-not-required',
  })
  expect(exit).toBe(2)
})
