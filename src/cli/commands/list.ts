import { isDone, labProgress, nextStep, stepProgress } from '../../lab/progress.ts'
import { mark } from '../../terminal/style.ts'
import { columns, pad } from '../../terminal/width.ts'
import { createContext } from '../context.ts'
import { type Exit, exits } from '../exit.ts'
import type { Common } from '../options.ts'

export async function list(options: Common): Promise<Exit> {
  const context = await createContext(options)
  const { course, progress, out } = context
  const { look, paint, say, of } = out
  const labs = await Promise.all(course.labs.map(id => context.lab(id)))
  const rows = labs.map(lab => {
    const begun = labProgress(progress, lab.id).startedAt > 0
    const state = !begun ? 'todo' : nextStep(progress, lab) === null ? 'done' : 'active'
    const done = lab.steps.filter(step => isDone(stepProgress(progress, lab.id, step.id).status)).length
    const { id, title, level, minutes, steps } = lab
    return { id, title: of(title), level, minutes, state, done, steps: steps.length } as const
  })
  if (options.json) out.print(`${JSON.stringify({ course: course.id, labs: rows })}`)
  else {
    out.print(`${paint.accent(of(course.title))}\n`)
    const wide = Math.max(...rows.map(row => row.id.length))
    const widest = Math.max(...rows.map(row => columns(row.title)))
    for (const row of rows) {
      const sign = mark(look, row.state === 'done' ? 'passed' : row.state === 'active' ? 'step' : 'blocked')
      const facts = `${say.minutes(row.minutes)}  ${row.done}/${row.steps} ${say.labStates[row.state]}`
      process.stdout.write(
        `${sign} ${paint.code(pad(row.id, wide))}  ${pad(row.title, widest)}  ${paint.faint(facts)}\n`,
      )
    }
  }
  context.close()
  return exits.done
}
