import type { Lab } from '../lab/lab.ts'
import { fill } from '../lab/template.ts'
import type { Scene } from '../report/plain.ts'
import type { Teller } from '../report/teller.ts'
import type { Listen } from '../run/events.ts'
import { lookup, type Session } from '../run/session.ts'
import type { Context } from './context.ts'

export interface View {
  readonly listen: Listen
  settled(): Promise<void>
}

/** The view that fits the options and the terminal. `session` is asked for values when a text is shown. */
export async function createView(context: Context, lab: Lab, session: () => Session, prose: boolean): Promise<View> {
  const { teller, options } = context
  if (options.json)
    return {
      listen: event => void process.stdout.write(`${JSON.stringify(event)}\n`),
      settled: async () => {},
    }
  const scene = await sceneOf(context, lab, session, prose)
  if (teller.look.repaint) {
    const { createTtyView } = await import('../report/tty.ts')
    return createTtyView(teller, scene)
  }
  const { createPlainView } = await import('../report/plain.ts')
  return { listen: createPlainView(teller, scene), settled: async () => {} }
}

export async function sceneOf(context: Context, lab: Lab, session: () => Session, prose: boolean): Promise<Scene> {
  const { teller, commandFor, course } = context
  return {
    lab,
    commandFor,
    playing: alone(context),
    nextLab: course.labs[course.labs.indexOf(lab.id) + 1] ?? null,
    ...(prose ? { render: await renderer(teller, session) } : {}),
  }
}

/** Makes a text of a lab readable, with its names filled in. */
export async function renderer({ look }: Teller, session: () => Session): Promise<(markdown: string) => string> {
  const { renderMarkdown } = await import('../terminal/markdown.ts')
  return markdown => renderMarkdown(fill(markdown, lookup(session())), look)
}

/** Nobody does anything: `--yes`, `--json`, or no terminal. With `--watch` somebody does, elsewhere. */
export function alone({ options }: Context): boolean {
  if (options.watch) return false
  return options.yes === true || options.json === true || !process.stdin.isTTY || !process.stderr.isTTY
}
