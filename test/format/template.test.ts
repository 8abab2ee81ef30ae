import { describe, expect, test } from 'vitest'
import { fill, fillTree, lookupIn, names } from '../../src/lab/template.ts'

const lookup = lookupIn({
  vars: { port: '3000', repo: '{{ course.dir }}/apps', loop: '{{ vars.loop }}' },
  captures: { 'start-up': { port: 8080, tags: ['a', 'b'], none: null } },
  courseDir: '/c',
  context: 'kind-kind',
  labDir: '/c/web',
  url: port => `https://host/proxy/${port}/`,
  evidence: { image: 'nginx:lastest' },
})

describe('filled', () => {
  test.each([
    ['{{ vars.port }}', '3000'],
    ['{{vars.port}}', '3000'],
    ['a {{ vars.port }}:{{ vars.port }}/b', 'a 3000:3000/b'],
    ['{{ vars.repo }}', '/c/apps'],
    ['{{ vars.loop }}', '{{ vars.loop }}'],
    ['{{ steps.start-up.port }}', '8080'],
    ['{{ steps.start-up.tags }}', '["a","b"]'],
    ['{{ url.3000 }}', 'https://host/proxy/3000/'],
    ['{{ course.dir }} {{ lab.dir }}', '/c /c/web'],
    ['{{ ev.image }}', 'nginx:lastest'],
  ])('%s -> %s', (text, filled) => {
    expect(fill(text, lookup)).toBe(filled)
  })
})

describe('not ours: left alone, and no name', () => {
  test.each([
    '{{json .}}',
    '{{ json . }}',
    '{{.Names}}',
    '{{ .Names }}',
    '{{range .Mounts}}{{.Type}}{{end}}',
    '{{ if .State }}x{{ else }}y{{ end }}',
    '{{- vars.port -}}',
    '{{ $x.y }}',
    '{{ vars.port | upper }}',
    '{{ "vars.port" }}',
    '{{ vars. port }}',
    '{{ vars..port }}',
    '${{ github.ref }}',
    '{ vars.port }',
    '{{}}',
    '{{ vars.port',
  ])('%s', text => {
    expect(fill(text, lookup, name => expect.unreachable(name))).toBe(text)
    expect(names(text)).toEqual([])
  })
})

test('unknown and bare names stay and are reported', () => {
  const unknown: string[] = []
  const text =
    '{{ vars.x }} {{ port }} {{ steps.start-up.x }} {{ vars.constructor }} {{ url.x }} {{ steps.toString.name }}'
  expect(fill(text, lookup, name => unknown.push(name))).toBe(text)
  expect(unknown).toEqual(['vars.x', 'port', 'steps.start-up.x', 'vars.constructor', 'url.x', 'steps.toString.name'])
})

test('names and where they stand', () => {
  expect(names('a {{ vars.port }}{{port}}')).toEqual([
    { name: 'vars.port', written: '{{ vars.port }}', offset: 2, bare: false },
    { name: 'port', written: '{{port}}', offset: 17, bare: true },
  ])
})

test('a tree: keys too, and one name alone keeps its type', () => {
  const tree = {
    ports: { '{{ vars.port }}/tcp': '{{ steps.start-up.port }}' },
    list: ['{{ vars.port }}', 1, null, true, '{{ steps.start-up.none }}', '{{ vars.x }}'],
  }
  expect(fillTree(tree, lookup)).toEqual({
    ports: { '3000/tcp': 8080 },
    list: ['3000', 1, null, true, null, '{{ vars.x }}'],
  })
})

test('a long text of braces takes no time', () => {
  const started = performance.now()
  fill('{{'.repeat(100_000) + '{{ a'.repeat(100_000) + ' '.repeat(100_000), lookup)
  expect(performance.now() - started).toBeLessThan(1000)
})
