import { join } from 'node:path'
import { languages } from '../lab/lab.ts'
import { readAll } from './load.ts'
import { withFences } from './prose.ts'
import { commandsOf } from './rules/prose.ts'
import type { Files } from './sources.ts'

/**
 * The texts whose fences do not hold the command of lab.yaml, corrected: absolute path -> whole new content. Nothing but
 * these fences differs; the YAML is never touched. Writes nothing.
 */
export async function fixFences(dir: string, files: Files): Promise<Map<string, string>> {
  const { labs } = await readAll(dir, files)
  const fixed = new Map<string, string>()
  for (const lab of labs) {
    const runs = new Map(commandsOf(lab.root).map(({ id, run }) => [id, run]))
    for (const language of languages) {
      const changes = (lab.prose[language]?.fences ?? []).flatMap(fence => {
        const content = runs.get(fence.command)
        return content === undefined || content === fence.content ? [] : [{ fence, content }]
      })
      if (changes.length === 0) continue
      const path = join(lab.dir, `${language}.md`)
      const text = (await files.file(path))?.text
      if (text !== undefined) fixed.set(path, withFences(text, changes))
    }
  }
  return fixed
}
