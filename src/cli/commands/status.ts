import { type StepStatus, stepProgress } from '../../lab/progress.ts'
import type { Mark } from '../../terminal/style.ts'
import { mark } from '../../terminal/style.ts'
import { timeAgo } from '../../text/index.ts'
import { createContext } from '../context.ts'
import { type Exit, exits } from '../exit.ts'
import type { Common } from '../options.ts'

const marks: Record<StepStatus, Mark> = {
  todo: 'blocked',
  active: 'step',
  passed: 'passed',
  solved: 'passed',
  skipped: 'skipped',
}

export async function status(options: Common): Promise<Exit> {
  const context = await createContext(options)
  const { course, progress, out, world } = context
  const { look, paint, say, of } = out
  const labs = await Promise.all(course.labs.map(id => context.lab(id)))
  const rows = labs.map(lab => ({
    id: lab.id,
    title: lab.title,
    steps: lab.steps.map(step => {
      const { status: state, at } = stepProgress(progress, lab.id, step.id)
      return { id: step.id, title: step.title, status: state, at: at === 0 ? null : new Date(at).toISOString() }
    }),
  }))
  if (options.json) {
    const plain = rows.map(lab => ({
      id: lab.id,
      title: of(lab.title),
      steps: lab.steps.map(({ id, status: state, at }) => ({ id, status: state, at })),
    }))
    out.print(`${JSON.stringify({ course: course.id, lab: progress.open ?? null, labs: plain })}`)
  } else
    for (const lab of rows) {
      out.print(`${paint.strong(of(lab.title))} ${paint.faint(lab.id)}`)
      for (const step of lab.steps) {
        const when = step.at ? paint.faint(` ${timeAgo(Date.parse(step.at), world.now(), say)}`) : ''
        process.stdout.write(
          `  ${mark(look, marks[step.status])} ${of(step.title)} ${paint.faint(say.statuses[step.status])}${when}\n`,
        )
      }
    }
  context.close()
  return exits.done
}
