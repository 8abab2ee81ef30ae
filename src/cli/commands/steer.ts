import { join } from 'node:path'
import type { Lab, Step } from '../../lab/lab.ts'
import { labProgress, nextStep } from '../../lab/progress.ts'
import { checkLines } from '../../report/checks.ts'
import { marked } from '../../report/teller.ts'
import { type Answer, deskName } from '../../run/desk.ts'
import { neededGone } from '../../run/look-back.ts'
import { observe } from '../../run/observe.ts'
import { beginLab, makeReady } from '../../run/open.ts'
import { type Session, saveProgress } from '../../run/session.ts'
import * as steer from '../../run/steer.ts'
import { type Ending, giveHint, playStep, skipStep } from '../../run/walk.ts'
import { confirm } from '../../terminal/prompt.ts'
import { type Context, createContext } from '../context.ts'
import { type Exit, exits } from '../exit.ts'
import type { Common } from '../options.ts'
import { findStep, labId, lookingSession, withSession } from '../session.ts'
import { consent } from '../trust.ts'
import { createView, type View } from '../view.ts'

/** Commands that move a learner through a lab without the menu. */

interface Scene {
  readonly context: Context
  readonly lab: Lab
  readonly session: Session
  readonly view: View
}

/** A runner that looks on while the learner types, here or in another terminal, has the course: it answers. */
async function askRunner(
  { store, progress }: Context,
  given: string | undefined,
  words: readonly string[],
): Promise<Answer | null> {
  if (words.length === 0 || (given !== undefined && given !== progress.open)) return null
  const { createDesk } = await import('../../world/desk.ts')
  return createDesk().ask(join(store.dir, deskName), words)
}

async function steering(
  given: string | undefined,
  options: Common,
  words: readonly string[],
  work: (scene: Scene) => Promise<Exit>,
): Promise<Exit> {
  const context = await createContext(options)
  try {
    const answer = await askRunner(context, given, words)
    if (answer) {
      if (answer.text !== '') process.stdout.write(`${answer.text}\n`)
      return answer.exit === 0 ? exits.done : exits.failed
    }
    const lab = await context.lab(labId(context, given))
    await consent(context, lab)
    let session: Session | undefined
    const view = await createView(context, lab, () => session!, false)
    return await withSession(context, lab, { lock: 'needed', listen: view.listen }, async opened => {
      session = opened
      const exit = await work({ context, lab, session, view })
      await view.settled()
      return session.signal.aborted ? exits.interrupted : exit
    })
  } finally {
    context.close()
  }
}

/** The step that is to be done now; says so where all are done. */
function current({ context, lab, session }: Scene): Step | null {
  const id = nextStep(session.progress, lab)
  if (id === null) tellDone(context, lab)
  return lab.steps.find(step => step.id === id) ?? null
}

export function hint(given: string | undefined, options: Common): Promise<Exit> {
  return steering(given, options, ['hint'], async scene => {
    const { session } = scene
    const step = current(scene)
    if (!step) return exits.done
    const { results } = await observe(session, step, { once: true, quiet: 'but find causes', signal: session.signal })
    await giveHint(
      session,
      step,
      results.flatMap(result => result.cause?.code ?? []),
    )
    return exits.done
  })
}

export function solve(given: string | undefined, options: Common): Promise<Exit> {
  return steering(given, options, ['solve'], async scene => {
    await begin(scene)
    const step = current(scene)
    if (!step) return exits.done
    const ending = await playStep(scene.session, step)
    await endOf(scene)
    return exitOf(ending)
  })
}

export function skip(given: string | undefined, options: Common): Promise<Exit> {
  return steering(given, options, ['skip'], async scene => {
    const step = current(scene)
    if (step) {
      await skipStep(scene.session, step)
      await endOf(scene)
    }
    return exits.done
  })
}

export async function goTo(given: string | undefined, stepId: string, options: Common): Promise<Exit> {
  const id = await labWithStep(given, stepId, options)
  const exit = await bringBackNeeded(id, options)
  if (exit !== exits.done) return exit
  return steering(id, options, [], async scene => {
    const { context, session, lab, view } = scene
    const step = findStep(context, lab, stepId)
    await begin(scene)
    const ending = await steer.goTo(session, step)
    await view.settled()
    const { say, print, paint } = context.teller
    if (!ending) print(say.standsAt(step.title[context.language], paint.code(context.commandFor(`run ${lab.id}`))))
    return exitOf(ending)
  })
}

export function reset(given: string | undefined, stepId: string | undefined, options: Common): Promise<Exit> {
  return steering(given, options, [], async scene => {
    const { context, session, lab, view } = scene
    const { teller } = context
    const { say, look } = teller
    const step = stepId ? findStep(context, lab, stepId) : (current(scene) ?? lab.steps.at(-1)!)
    const title = step.title[context.language]
    if (!options.yes && !options.json) {
      const words = { yes: say.yes, no: say.no, preferred: 'no' } as const
      const agreed = await confirm(say.resetQuestion(title), words, { signal: context.signal }, look)
      if (!agreed) return agreed === null ? exits.interrupted : exits.done
    }
    const still = await steer.resetTo(session, step)
    await view.settled()
    for (const result of still) for (const line of checkLines(teller, result)) teller.print(line)
    const done = still.length === 0
    teller.print(marked(teller, done ? 'passed' : 'failed', done ? say.resetDone(title) : say.resetStill(title)))
    return done ? exits.done : exits.failed
  })
}

async function begin({ session, lab }: Scene): Promise<void> {
  if (labProgress(session.progress, lab.id).startedAt === 0) return beginLab(session)
  await saveProgress(session, { ...session.progress, open: lab.id })
  await makeReady(session)
}

/** The lab that is meant. A mistyped step ends the command before anything is done. */
async function labWithStep(given: string | undefined, stepId: string, options: Common): Promise<string> {
  const context = await createContext(options)
  try {
    const lab = await context.lab(labId(context, given))
    return findStep(context, lab, stepId) && lab.id
  } finally {
    context.close()
  }
}

/** What the lab starts from is part of everything before its steps. */
async function bringBackNeeded(id: string, options: Common): Promise<Exit> {
  const context = await createContext(options)
  try {
    const lab = await context.lab(id)
    const session = await lookingSession(context, lab)
    const gone = await neededGone(session)
    for (const other of lab.needs) {
      const missing = nextStep(session.progress, await context.lab(other)) !== null
      const steps = gone.filter(each => each.lab.id === other).map(each => each.step)
      if (steps.length === 0 && !missing) continue
      const before = await bringBackNeeded(other, options)
      if (before !== exits.done) return before
      const exit = await steering(other, options, [], async scene => {
        await begin(scene)
        return exitOf(await steer.bringBack(scene.session, steps))
      })
      if (exit !== exits.done) return exit
    }
    return exits.done
  } finally {
    context.close()
  }
}

/** The last step was done here. */
async function endOf({ context, lab, session, view }: Scene): Promise<void> {
  await view.settled()
  if (nextStep(session.progress, lab) === null) tellDone(context, lab)
}

function tellDone({ teller, language, commandFor, course }: Context, lab: Lab): void {
  const { say, print, paint } = teller
  const following = course.labs[course.labs.indexOf(lab.id) + 1]
  print(say.labDone(lab.title[language]))
  print(following ? say.nextLab(paint.code(commandFor(`run ${following}`))) : say.courseFinished)
}

function exitOf(ending: Ending | null): Exit {
  if (ending?.end !== 'stuck') return ending?.end === 'interrupted' ? exits.interrupted : exits.done
  return ending.verdict === 'error' ? exits.environment : exits.failed
}
