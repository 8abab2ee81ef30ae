import { test } from 'vitest'
import { fixture, golden, problemsOf } from './memory.ts'
test('x', async () => {
  const p = await problemsOf(await fixture('bad'))
  process.stdout.write(golden(p)+'\n'+p.map(x=>`${x.file}:${x.line}:${x.column}: ${x.message.en} | ${x.message.ko}`).join('\n'))
})
