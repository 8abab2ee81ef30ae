import { describe, expect, test } from 'vitest'
import { course, lab, problemsOf, prose } from './memory.ts'

type Parts = Parameters<typeof course>[0]

/** `wrong` has exactly these problems, `right` has none. */
interface Rule {
  name: string
  wrong: Parts
  codes: string
  right: Parts
}

const head = (text: string): Parts => ({ lab: lab({ head: text }) })
const step = (text: string): Parts => ({ lab: lab({ step: text.replace(/^/gm, '    ') }) })
const check = (text: string): Parts => ({ lab: lab({ check: text }) })
const both = (run: string, more: Parts = {}, parts: Parameters<typeof lab>[0] = {}): Parts => ({
  lab: lab({ run: `'${run}'`, ...parts }),
  ko: prose('소개', '실행', run),
  en: prose('Intro', 'Run it', run),
  ...more,
})
/** A second step after the usual one. */
const second = (yaml: string, text = '\n## Two {#two}\n'): Parts => ({
  lab: lab({ tail: `  - id: two\n    checks: [{ id: c2, check: file, path: b }]\n${yaml.replace(/^/gm, '    ')}` }),
  ko: prose('소개', '실행') + text,
  en: prose('Intro', 'Run it') + text,
})

const rules: Record<string, Rule[]> = {
  yaml: [
    rule('TAB', head('vars:\n\tport: 1'), 'yaml-tab', head('vars:\n  port: 1')),
    rule('duplicate key', head('vars: { a: x, a: y }'), 'yaml-duplicate-key', head('vars: { a: x, b: y }')),
    rule('alias', head('vars: { a: *b }'), 'yaml-alias wrong-type', head('vars: { b: &b x, a: *b }')),
    rule('alias of itself', head('vars: &v { a: *v }'), 'yaml-alias-cycle wrong-type', head('vars: &v { a: x }')),
    rule('syntax', head('vars: { a: x'), 'yaml-syntax', head('vars: { a: x }')),
    rule('map as a key', head('vars: { { a: b }: x }'), 'yaml-key', head('vars: { a: x }')),
    rule('version', head('vars: { node: 1.10 }'), 'unquoted-version', head('vars: { node: "1.10" }')),
    rule(
      'comma',
      step('manual: { ko: 손, en: By hand, slowly and well }'),
      'comma-in-braces',
      step('manual: { ko: 손, en: "By hand, slowly and well" }'),
    ),
    rule(
      'tool',
      head('requires: { tools: { kind: 0.23 } }'),
      'unquoted-version',
      head('requires: { tools: { kind: ">=0.23" } }'),
    ),
    rule('number', head('vars: { a: 1e3 }'), 'unquoted-number', head('vars: { a: 1000, b: -5, c: 2.5 }')),
    rule(
      'mode',
      check('{ id: c, check: file, path: a, expect: { mode: 0755 } }'),
      'unquoted-mode',
      check('{ id: c, check: file, path: a, expect: { mode: "0755" } }'),
    ),
    rule(
      'mode without the zero',
      check('{ id: c, check: file, path: a, expect: { mode: 644 } }'),
      'unquoted-mode',
      check('{ id: c, check: file, path: a, expect: { size: 644 } }'),
    ),
    rule(
      'True',
      check('{ id: c, check: file, path: a, expect: { ok: True } }'),
      'yaml-boolean',
      check('{ id: c, check: file, path: a, expect: { ok: "True", yes: true } }'),
    ),
    rule(
      'yes in an expectation',
      check('{ id: c, check: file, path: a, expect: { ok: yes } }'),
      'yaml-word',
      check('{ id: c, check: file, path: a, expect: { ok: "yes" } }'),
    ),
    rule(
      'yes for a boolean',
      check('{ id: c, check: docker.container, name: a, all: yes }'),
      'wrong-type',
      check('{ id: c, check: docker.container, name: a, all: true }'),
    ),
  ],
  fields: [
    rule('unknown', head('imges: []'), 'unknown-field', head('images: []')),
    rule('null', head('vars:'), 'wrong-type', head('vars: {}')),
    rule(
      'duration',
      check('{ id: c, check: file, path: a, within: 30 }'),
      'bad-duration',
      check('{ id: c, check: file, path: a, within: 1m30s, for: 0 }'),
    ),
    rule('size', head('requires: { disk: 2 GB }'), 'bad-size', head('requires: { disk: 2Gi }')),
    rule(
      'version range',
      head('requires: { tools: { git: new } }'),
      'bad-version',
      head('requires: { tools: { git: ">=2.30 <3", kind: "*" } }'),
    ),
    rule('port', head('requires: { ports: [0] }'), 'bad-port', head('requires: { ports: [1, 65535] }')),
    rule('name of a variable', head('vars: { "a b": x }'), 'bad-name', head('vars: { a_b-c: x }')),
    rule('text', step('manual: { ko: 손으로 }'), 'missing-field', step('manual: { ko: 손으로, en: By hand }')),
    rule('list for a text', step('manual: [a]'), 'wrong-type', step('manual: By hand')),
    rule(
      'engine not required, but used',
      both('docker ps', {}, { head: 'requires: { tools: { git: "*" } }' }),
      'engine-not-required',
      both('docker ps', {}, { head: 'requires: { tools: { kind: "*" } }' }),
    ),
    rule(
      'engine not required, but looked at',
      { lab: lab({ head: 'requires: {}', check: '{ id: c, check: docker.container, name: a }' }) },
      'engine-not-required',
      { lab: lab({ head: 'requires: {}', check: '{ id: c, check: file, path: docker.txt }' }) },
    ),
    rule(
      'kind',
      check('{ id: c, check: docker.imge, ref: a }'),
      'unknown-kind',
      check('{ id: c, check: docker.image, ref: a }'),
    ),
    rule('no kind', check('{ id: c, path: a }'), 'missing-field', check('{ id: c, check: file, path: a }')),
    rule(
      'field of a kind',
      check('{ id: c, check: file, path: a, ref: b }'),
      'unknown-field',
      check('{ id: c, check: file, path: a }'),
    ),
    rule('needed field', check('{ id: c, check: file }'), 'missing-field', check('{ id: c, check: file, path: a }')),
    rule(
      'misspelt needed field',
      check('{ id: c, check: file, pat: a }'),
      'unknown-field',
      check('{ id: c, check: file, path: a }'),
    ),
    rule(
      'one of',
      check('{ id: c, check: docker.container }'),
      'missing-one-of',
      check('{ id: c, check: docker.container, name: a }'),
    ),
    rule(
      'value of a field',
      check('{ id: c, check: http, url: a, method: get }'),
      'bad-value',
      check('{ id: c, check: http, url: a, method: GET }'),
    ),
    rule(
      'integer',
      check('{ id: c, check: tcp, port: http }'),
      'bad-integer',
      check('{ id: c, check: tcp, port: "{{ url.3000 }}" }'),
    ),
    rule(
      'words',
      check('{ id: c, check: exec, run: [a, 1] }'),
      'wrong-type',
      check('{ id: c, check: exec, run: [a, "1"] }'),
    ),
    rule(
      'group',
      check('{ id: c, check: any, of: [] }'),
      'empty-list-here',
      check('{ id: c, check: any, of: [{ id: d, check: file, path: a }] }'),
    ),
    rule(
      'member of a group',
      check('{ id: c, check: all, of: [{ id: d, check: file }] }'),
      'missing-field',
      check('{ id: c, check: all, of: [{ id: d, check: file, path: a }] }'),
    ),
    rule(
      'min of another group',
      check('{ id: c, check: any, min: 1, of: [{ id: d, check: file, path: a }] }'),
      'unknown-field',
      check('{ id: c, check: count, min: 1, of: [{ id: d, check: file, path: a }] }'),
    ),
    rule(
      'mistake',
      step('mistakes: [{ run: "false" }]'),
      'missing-field',
      step('mistakes: [{ run: "false", cause: container.exited, id: x }]'),
    ),
    rule('hint', step('hints: [{ after: 1, text: "" }]'), 'empty-hint', step('hints: [{ after: 1, text: Look }]')),
    rule('tries', step('hints: [{ after: -1, text: Look }]'), 'bad-count', step('hints: [{ after: 0, text: Look }]')),
  ],
  names: [
    rule(
      'check',
      { lab: lab({ check: '{ id: c, check: file, path: a }\n      - { id: c, check: file, path: b }' }) },
      'duplicate-id',
      check('{ id: go, check: file, path: a }'),
    ),
    rule(
      'member',
      check('{ id: c, check: all, of: [{ id: c, check: file, path: a }] }'),
      'duplicate-id',
      check('{ id: c, check: all, of: [{ id: d, check: file, path: a }] }'),
    ),
    rule('needs', check('{ id: c, check: file, path: a, needs: [d] }'), 'unknown-check', {
      lab: lab({ check: '{ id: c, check: file, path: a }\n      - { id: d, check: file, path: b, needs: [c] }' }),
    }),
    rule(
      'needs itself',
      check('{ id: c, check: file, path: a, needs: [c] }'),
      'needs-cycle',
      check('{ id: c, check: file, path: a, needs: [] }'),
    ),
    rule(
      'needs of another step',
      second('commands: []').lab
        ? { ...second(''), lab: second('').lab!.replace('path: b', 'path: b, needs: [there]') }
        : {},
      'no-way needs-other-step',
      second('manual: By hand'),
    ),
    rule('until', step('until: tow'), 'unknown-step', {
      ...second('manual: By hand'),
      lab: second('manual: By hand').lab!.replace('  - id: run', '  - until: two\n    id: run'),
    }),
    rule('until itself', step('until: run'), 'until-not-later', step('')),
    rule(
      'cause',
      step('hints: [{ on: port.taken, text: Look }]'),
      'unknown-cause',
      step('hints: [{ on: [port.taken-by-container, container.exited], text: Look }, { on: "*", text: Look }]'),
    ),
    rule(
      'cause of a mistake',
      step('mistakes: [{ run: a, cause: b }]'),
      'unknown-cause',
      step('mistakes: [{ run: a, cause: container.exited }]'),
    ),
    rule(
      'variable',
      both('echo {{ vars.prot }}', {}, { head: 'vars: { port: 1 }' }),
      'unknown-name',
      both('echo {{ vars.port }}', {}, { head: 'vars: { port: 1 }' }),
    ),
    rule('bare name', both('echo {{ port }}'), 'bare-name', both('echo {{json .}} {{.Names}} {{ end }}')),
    rule(
      'variable in a variable',
      head('vars: { a: x, b: "{{ vars.a }}" }'),
      'unknown-name',
      head('vars: { a: x, b: "{{ course.dir }}/{{ lab.dir }}" }'),
    ),
    rule(
      'port of a url',
      check('{ id: c, check: http, url: "{{ url.70000 }}" }'),
      'unknown-name',
      check('{ id: c, check: http, url: "{{ url.3000 }}" }'),
    ),
    rule(
      'evidence',
      both('echo {{ ev.image }}'),
      'unknown-name',
      step('hints: [{ on: container.exited, text: "See {{ ev.image }}" }]'),
    ),
    rule('in a text', { ko: `${prose('소개', '실행')}\n{{ vars.x }}\n` }, 'unknown-name', {
      ko: `${prose('소개', '실행')}\n\`\`\`yaml\n{{ item.x }} {{ x }}\n\`\`\`\n`,
    }),
    rule(
      'capture of a check that it needs',
      {
        lab: lab({
          check:
            '{ id: c, check: http, url: a, capture: { a: self } }\n      - { id: d, check: http, url: "{{ steps.run.a }}" }',
        }),
      },
      'capture-too-early',
      {
        lab: lab({
          check:
            '{ id: c, check: http, url: a, capture: { a: self } }\n      - { id: d, check: file, path: a, needs: [c] }\n      - { id: e, check: any, needs: [d], of: [{ id: f, check: http, url: "{{ steps.run.a }}" }] }',
        }),
      },
    ),
    rule(
      'capture',
      check('{ id: c, check: http, url: "{{ steps.run.a }}", capture: { a: self.url } }'),
      'capture-too-early',
      {
        lab: lab({
          check: '{ id: c, check: http, url: a, capture: { a: "self[\'{{ x }}\']" } }',
          tail: 'cleanup: [{ run: "echo {{ steps.run.a }}" }]',
        }),
      },
    ),
  ],
  checks: [
    rule(
      'gone and not',
      check('{ id: c, check: file, path: a, not: true, gone: true }'),
      'gone-and-not',
      check('{ id: c, check: file, path: a, gone: true }'),
    ),
    rule(
      'not',
      check('{ id: c, check: http, url: a, not: true }'),
      'not-at-once',
      check('{ id: c, check: http, url: a, not: true, for: 2s }'),
    ),
    rule(
      'not with within',
      check('{ id: c, check: file, path: a, not: true, within: 5s }'),
      'not-at-once',
      check('{ id: c, check: file, path: a, not: true }'),
    ),
    rule(
      'within',
      check('{ id: c, check: file, path: a, within: 1s, every: 2s }'),
      'within-below-every',
      check('{ id: c, check: file, path: a, within: 0s, every: 2s }'),
    ),
    rule(
      'since',
      check('{ id: c, check: http, url: a, since: step }'),
      'no-birth',
      check('{ id: c, check: file, path: a, since: lab }'),
    ),
    rule(
      '{}',
      check('{ id: c, check: file, path: a, expect: {} }'),
      'empty-expect',
      check('{ id: c, check: file, path: a, expect: { size: 0 } }'),
    ),
    rule(
      'nested {}',
      check('{ id: c, check: file, path: a, expect: { json: {} } }'),
      'empty-expect',
      check('{ id: c, check: file, path: a, expect: { json: { $exists: true } } }'),
    ),
    rule(
      'nothing',
      check('{ id: c, check: file, path: a, expect: }'),
      'empty-expect',
      check('{ id: c, check: file, path: a }'),
    ),
    rule(
      '[]',
      check('{ id: c, check: file, path: a, expect: { json: [] } }'),
      'empty-list',
      check('{ id: c, check: file, path: a, expect: { json: { $exactly: [] } } }'),
    ),
    rule(
      '$all',
      check('{ id: c, check: file, path: a, expect: { json: { $all: { a: 1 } } } }'),
      'all-of-nothing',
      check('{ id: c, check: file, path: a, expect: { json: { $all: { a: 1 }, $count: 2 } } }'),
    ),
    rule(
      'no selector, no expectation',
      check('{ id: c, check: docker.volume }'),
      'cannot-fail',
      check('{ id: c, check: docker.volume, name: a }'),
    ),
    rule(
      'count',
      check('{ id: c, check: count, of: [{ id: d, check: file, path: a }] }'),
      'cannot-fail',
      check('{ id: c, check: count, max: 1, of: [{ id: d, check: file, path: a }] }'),
    ),
    rule(
      'expr',
      check('{ id: c, check: file, path: a, expr: "((" }'),
      'bad-expression',
      check('{ id: c, check: file, path: a, expr: "self.size > 0" }'),
    ),
    rule(
      'capture',
      check('{ id: c, check: file, path: a, capture: { x: "((" } }'),
      'bad-expression',
      check('{ id: c, check: file, path: a, capture: { x: self.size } }'),
    ),
  ],
  steps: [
    rule('no way', second(''), 'no-way', second('solve: [{ run: "true" }]')),
    rule(
      'no checks',
      { ...second(''), lab: second('manual: a').lab!.replace(/ {4}checks: \[\{ id: c2.*\n/, '') },
      'no-checks',
      second('manual: a'),
    ),
    rule('solution', step('edits: [{ file: a, solution: solution/b }]'), 'no-solution', {
      ...step('edits: [{ file: a, solution: ./solution/a }]'),
      more: { 'web/solution/a': '' },
    }),
    rule('outside', step('edits: [{ file: ../a, solution: ../a }]'), 'outside-workspace outside-lab', {
      ...step('edits: [{ file: x/../a, solution: solution/a }]'),
      more: { 'web/solution/a': '' },
    }),
    rule(
      'absolute',
      step('edits: [{ file: /etc/a, solution: solution/a }]'),
      'outside-workspace no-solution',
      step(''),
    ),
  ],
  images: [
    rule(
      'run',
      both('docker run -it --rm -v a:/b alpine:3.22 sh'),
      'image-not-listed',
      both('docker run -it --rm -v a:/b alpine:3.22 sh', {}, { head: 'images: [docker.io/library/alpine:3.22]' }),
    ),
    rule('pull', both('cd a && docker pull -q alpine:3.22'), 'image-not-listed', both('echo docker pull alpine:3.22')),
    rule('made elsewhere', both('docker run app'), 'image-not-listed', both('docker build -t app . && docker run app')),
    rule('must fail', both('docker run alpin:3'), 'image-not-listed', {
      ...both('docker run alpin:3'),
      lab: lab({ run: '"docker run alpin:3", expect: { exit: 125 }' }),
    }),
    rule('solution', { more: { 'web/solution/Dockerfile': 'FROM node:24 AS a\nFROM a\n' } }, 'image-not-listed', {
      more: { 'web/solution/Dockerfile': 'FROM scratch\n' },
    }),
    rule('given file', { more: { 'web/files/k8s/pod.yaml': 'image: nginx:1.28\n' } }, 'image-in-files', {
      ...head('images: ["nginx:1.28"]'),
      more: { 'web/files/k8s/pod.yaml': 'image: nginx:1.28\n' },
    }),
    rule('given file to repair', { more: { 'web/files/pod.yaml': 'image: nginx:1.82\n' } }, 'image-in-files', {
      ...step('edits: [{ file: pod.yaml, solution: solution/pod.yaml }]'),
      more: { 'web/files/pod.yaml': 'image: nginx:1.82\n', 'web/solution/pod.yaml': 'kind: Pod\n' },
    }),
    rule(
      'pinned',
      both('docker run node:lts', {}, { head: 'images: ["node:lts"]' }),
      'image-not-pinned',
      both('docker run node:24', {}, { head: 'images: ["node:24"]' }),
    ),
    rule(
      'no tag',
      both('docker run localhost:5000/node', {}, { head: 'images: ["localhost:5000/node"]' }),
      'image-not-pinned',
      both('docker run localhost:5000/node:24', {}, { head: 'images: ["localhost:5000/node:24"]' }),
    ),
    rule(
      'used',
      head('images: ["node:24"]'),
      'image-not-used',
      both('docker pull node:24', {}, { head: 'images: ["node:24"]' }),
    ),
    rule(
      'in a variable',
      both('docker run {{ vars.i }}', {}, { head: 'vars: { i: "node:24" }' }),
      'image-not-listed',
      both('docker run $IMAGE'),
    ),
  ],
  prose: [
    rule('differs', { ko: prose('소개', '실행', 'ls ') }, 'command-differs', {}),
    rule('not shown', { ko: '소개\n\n## 실행 {#run}\n' }, 'command-not-shown', {}),
    rule('unknown command', { ko: `${prose('소개', '실행')}\n\`\`\`bash run=og\ntrue\n\`\`\`\n` }, 'unknown-command', {
      ko: `${prose('소개', '실행')}\n\`\`\`bash\ntrue\n\`\`\`\n`,
    }),
    rule(
      'elsewhere',
      { ...second('manual: a'), ko: '소개\n## 실행 {#run}\n## 둘 {#two}\n```bash run=go\nls\n```\n' },
      'command-elsewhere',
      second('manual: a'),
    ),
    rule('unknown step', { ko: `${prose('소개', '실행')}## 셋 {#three}\n` }, 'unknown-step', {
      ko: `${prose('소개', '실행')}### 셋\n`,
    }),
    rule('no id', { ko: `${prose('소개', '실행')}## 셋\n` }, 'section-without-id', {}),
    rule(
      'missing section',
      { ...second('manual: a'), ko: prose('소개', '실행') },
      'missing-section',
      second('manual: a'),
    ),
    rule(
      'order',
      { ...second('manual: a'), ko: `소개\n## 둘 {#two}\n${prose('', '실행')}` },
      'section-order',
      second('manual: a'),
    ),
    rule(
      'debrief first',
      { ko: `소개\n## 끝 {#debrief}\n${prose('', '실행')}`, en: `${prose('Intro', 'Run')}## End {#debrief}\n` },
      'section-order',
      {},
    ),
    rule('twice', { ko: `${prose('소개', '실행')}## 또 {#run}\n` }, 'duplicate-section', {}),
    rule('debrief', { ko: `${prose('소개', '실행')}## 끝 {#debrief}\n` }, 'missing-debrief', {
      ko: `${prose('소개', '실행')}## 끝 {#debrief}\n`,
      en: `${prose('Intro', 'Run')}## End {#debrief}\n`,
    }),
    rule('intro', { ko: prose('# 웹', '실행') }, 'missing-intro', {
      ko: prose('# 웹', '실행'),
      en: prose('# Web', 'Run'),
    }),
    rule('fence', { ko: `${prose('소개', '실행')}\`\`\`\n` }, 'unclosed-fence', {}),
  ],
  course: [
    rule('unknown lab', { course: 'id: d\ntitle: D\nlabs: [web, wbe]\n' }, 'unknown-lab', {
      course: 'id: d\ntitle: D\nlabs: [web]\n',
    }),
    rule('listed twice', { course: 'id: d\ntitle: D\nlabs: [web, web]\n' }, 'duplicate-id', {}),
    rule('not listed', { course: 'id: d\ntitle: D\nlabs: []\n' }, 'lab-not-in-course', {
      more: { 'apps/todo/package.json': '{}' },
    }),
    rule('needs', head('needs: [wob]'), 'unknown-lab', head('needs: []')),
    rule('needs itself', head('needs: [web]'), 'lab-needs-cycle', head('needs: []')),
    rule('title', { course: 'id: d\nlabs: [web]\n' }, 'missing-field', {}),
    rule('language', { course: 'id: d\ntitle: D\nlanguage: kr\nlabs: [web]\n' }, 'bad-value', {
      course: 'id: d\ntitle: D\nlanguage: en\nlabs: [web]\n',
    }),
  ],
}

function rule(name: string, wrong: Parts, codes: string, right: Parts): Rule {
  return { name, wrong, codes, right }
}

describe.each(Object.entries(rules))('%s', (_, group) => {
  test.each(group)('$name: $codes', async ({ wrong, codes, right }) => {
    const found = await problemsOf(course(wrong))
    expect(found.map(each => each.code).toSorted()).toEqual(codes.split(' ').toSorted())
    expect(await problemsOf(course(right))).toEqual([])
  })
})
