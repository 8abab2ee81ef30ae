import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { firstOfTar } from '../../../src/world/docker/probe.ts'

function tarOf(name: string, content: string, format: string): Buffer {
  const script = 'mkdir -p "$D" && cd "$D" && printf %s "$C" > "$N" && tar --format="$F" -cf - "$N"'
  const D = `${process.env['TMPDIR'] ?? '/tmp'}/lab-tar-${process.pid}`
  const env = { ...process.env, D, N: name, C: content, F: format }
  const tar = execFileSync('bash', ['-c', `${script}; rm -rf "$D"`], { env })
  return tar
}

test.each([
  ['ustar', 'a.txt'],
  ['pax', `${'long'.repeat(40)}.txt`],
  ['gnu', `${'long'.repeat(40)}.txt`],
])('the first file of a %s archive', (format, name) => {
  expect(firstOfTar(tarOf(name, '안녕', format))).toMatchObject({ type: 'file', size: 6, text: '안녕' })
})

test('an empty archive is no answer', () => {
  expect(() => firstOfTar(Buffer.alloc(0))).toThrow('engine.error')
})
