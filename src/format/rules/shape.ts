import { nearest } from '../../lab/near.ts'
import type { Oddity, YamlFile } from '../../lab/yaml.ts'
import type { At, Path } from '../cursor.ts'
import type { Flaw } from '../flaws.ts'
import type { Report } from '../report.ts'

/** Faults of the YAML, scalars that YAML reads otherwise than they look, and differences from the shape. */
export function reportShape(yaml: YamlFile, root: At, flawsOf: (value: unknown) => Flaw[], report: Report): void {
  for (const { code, detail, line, column } of yaml.faults) report({ line, column }, code, { detail })
  if (yaml.value === undefined) return
  const flaws = flawsOf(yaml.value).slice(0, 100)
  const flawed = new Set(flaws.map(each => key(each.path)))
  const told = new Set<string>()
  for (const oddity of yaml.oddities)
    if (reportOddity(root, oddity, flawed.has(key(oddity.path)), report)) told.add(key(oddity.path))
  const misspelt = new Set(flaws.flatMap(flaw => meant(flaw) ?? []))
  for (const flaw of flaws)
    if (!told.has(key(flaw.path)) && !(flaw.code === 'missing-field' && misspelt.has(key(flaw.path))))
      reportFlaw(yaml, root, flaw, report)
}

/** The field that an unknown one was probably meant to be: that it is missing needs no word of its own. */
function meant({ code, path, known }: Flaw): string | undefined {
  const near = code === 'unknown-field' ? nearest(String(path.at(-1)), known) : undefined
  return near === undefined ? undefined : key([...path.slice(0, -1), near])
}

function key(path: Path): string {
  return JSON.stringify(path)
}

/** Whether it was worth a word. `yes` is one only in an expectation, where nothing says what type is meant. */
function reportOddity(root: At, { path, kind, source }: Oddity, flawed: boolean, report: Report): boolean {
  const quoted = JSON.stringify(source)
  const value = String(valueAt(root, path))
  const expected = path.includes('checks') && path.includes('expect')
  if (kind === 'boolean') report({ path }, 'yaml-boolean', {}, flawed || expected ? quoted : value)
  else if (kind === 'word') {
    if (expected) report({ path }, 'yaml-word', { source }, /^(yes|on)$/i.test(source) ? 'true' : 'false')
    return expected
  } else if (/^0\d+$/.test(source)) report({ path }, 'unquoted-mode', {}, quoted)
  else if (/^\d+\.\d*$/.test(source)) report({ path }, 'unquoted-version', { value }, quoted)
  else report({ path }, 'unquoted-number', { value }, quoted)
  return true
}

function reportFlaw(yaml: YamlFile, root: At, { path, code, known, expected }: Flaw, report: Report): void {
  const last = String(path.at(-1) ?? '')
  const near = nearest(String(code === 'unknown-field' ? last : valueAt(root, path)), known)
  const value = valueAt(root, path)
  if (code === 'unknown-field' && value === null && !near)
    // `{ run: echo hello, world }`
    report({ path, part: 'key' }, 'comma-in-braces', {})
  else if (code === 'unknown-field') report({ path, part: 'key' }, code, { name: last }, near)
  else if (code === 'missing-field')
    report({ path: path.slice(0, -1), part: 'key' }, code, { name: last || 'lab.yaml' })
  else if (code === 'unknown-kind') report({ path }, code, { name: String(value) }, near)
  else if (code === 'bad-value') report({ path }, code, { allowed: known.join(', ') }, near)
  else if (path[1] === 'tools' && typeof value === 'number')
    report({ path }, 'unquoted-version', { value }, JSON.stringify(yaml.source(path)))
  else if (code === 'wrong-type') wrongType(yaml, root, path, expected, report)
  else if (code === 'empty-text') report({ path }, path.includes('hints') ? 'empty-hint' : code, {})
  else if (code === 'bad-name') report({ path, part: 'key' }, code, {})
  else if (code === 'bad-id') report({ path }, code, {}, slug(value))
  else if (code === 'bad-duration') report({ path }, code, {}, typeof value === 'number' ? `${value}s` : undefined)
  else report({ path }, code, {} as never)
}

const types: Readonly<Record<string, { ko: string; en: string }>> = {
  string: { ko: '문자열', en: 'a text' },
  number: { ko: '숫자', en: 'a number' },
  int: { ko: '정수', en: 'a whole number' },
  boolean: { ko: 'true·false', en: 'true or false' },
  array: { ko: '목록', en: 'a list' },
  object: { ko: '맵', en: 'a map' },
  record: { ko: '맵', en: 'a map' },
  null: { ko: '빈', en: 'nothing' },
}

function wrongType(yaml: YamlFile, root: At, path: Path, expected: readonly string[], report: Report): void {
  const value = valueAt(root, path)
  const seen = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value
  const say = (language: 'ko' | 'en', names: readonly string[], or: string) =>
    [...new Set(names.map(name => types[name]?.[language] ?? name))].join(or)
  const wanted = expected.length > 0 ? expected : ['object']
  const scalar = seen === 'number' || seen === 'boolean'
  const word = typeof value === 'string' ? /^(?:(yes|on)|no|off)$/i.exec(value) : null
  const fix =
    expected.includes('string') && scalar
      ? JSON.stringify(yaml.source(path))
      : expected.includes('boolean') && word
        ? String(word[1] !== undefined)
        : undefined
  report.own(
    { path },
    'wrong-type',
    {
      ko: `${say('ko', wanted, '·')} 자리인데 ${say('ko', [seen], '')} 값이 있어요`,
      en: `this must be ${say('en', wanted, ' or ')}, not ${say('en', [seen], '')}`,
    },
    fix,
  )
}

function slug(value: unknown): string | undefined {
  const words = String(value)
    .toLowerCase()
    .match(/[a-z0-9]+/g)
  return words && words.join('-').length <= 60 ? words.join('-') : undefined
}

export function valueAt(root: At, path: Path): unknown {
  let at = root.value
  for (const step of path)
    at = typeof at === 'object' && at !== null ? (at as Record<string | number, unknown>)[step] : undefined
  return at
}
