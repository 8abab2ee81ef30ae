import { isDone, stepProgress } from '../lab/progress.ts'
import { createPlainView } from '../report/plain.ts'
import { createTeller, inline, marked } from '../report/teller.ts'
import type { RunEvent } from '../run/events.ts'
import { guide } from '../run/guide.ts'
import type { Session } from '../run/session.ts'
import type { Person } from '../run/walk.ts'
import { watchStep } from '../run/watch.ts'
import { choose, confirm, type Option } from '../terminal/prompt.ts'
import { createDesk } from '../world/desk.ts'
import { createLearnerShell } from '../world/learner-shell/index.ts'
import type { Context } from './context.ts'
import { sceneOf, type View } from './view.ts'

/** Where the events of a run go: to the view, or above the prompts of the learner's own shell while that is open. */
export interface Switch {
  listen(event: RunEvent): void
  to(listen: (event: RunEvent) => void): void
}

export function createSwitch(view: View): Switch {
  let target = view.listen
  return {
    listen: event => target(event),
    to: listen => {
      target = listen
    },
  }
}

/** The person at this terminal: a menu at each step, and their own shell where they want to type. */
export function personAt(context: Context, session: Session, view: View, events: Switch): Person {
  const { teller, signal, options, commandFor } = context
  const { say, look } = teller
  const shell = createLearnerShell(process.env)
  const obstacle = shell.obstacle()

  /** With `--watch` it is said once. */
  let watched = false

  /** Keeps what is told, as text, until it is asked for. */
  async function collector() {
    let text = ''
    const kept = createTeller(teller.language, look, line => {
      text += line
    })
    const listen = createPlainView(kept, await sceneOf(context, session.lab, () => session, true))
    const collect = async () => {
      const collected = text.trimEnd()
      text = ''
      return collected
    }
    return { listen, collect, print: kept.print }
  }

  return {
    async action(step, { tries, hasHint }) {
      await view.settled()
      const again = tries > 0 && !isDone(stepProgress(session.progress, session.lab.id, step.id).status)
      const choices: Option<Awaited<ReturnType<Person['action']>>>[] = [
        { value: 'run', label: say.actionRun, key: 'r' },
        obstacle === null
          ? { value: 'type', label: say.actionType, key: 't' }
          : { value: 'watch', label: say.actionWatch, key: 't' },
        ...(again ? [{ value: 'check' as const, label: say.actionCheck, key: 'c' }] : []),
        ...(hasHint ? [{ value: 'hint' as const, label: say.actionHint, key: 'h' }] : []),
        { value: 'skip', label: say.actionSkip, key: 's' },
        { value: 'quit', label: say.actionQuit, key: 'q' },
      ]
      return choose(say.menu, choices, { signal }, look)
    },

    async fallback(command) {
      await view.settled()
      teller.print(marked(teller, 'step', teller.of(command.fallback!.text)))
      return (await confirm(say.fallbackQuestion, { yes: say.yes, no: say.no }, { signal }, look)) === true
    },

    async type() {
      await view.settled()
      const { listen, collect, print } = await collector()
      print(marked(teller, 'step', say.typing))
      events.to(listen)
      try {
        await guide(session, shell, createDesk(), collect)
      } finally {
        events.to(view.listen)
        const rest = await collect()
        if (rest.trim() !== '') teller.print(rest)
      }
    },

    async watch(step) {
      await view.settled()
      if (!options.json && !watched)
        for (const text of [say.watching, say.watchingAsk(commandFor('hint'), commandFor('solve'), commandFor('skip'))])
          teller.print(inline(teller, text))
      watched = options.watch === true
      // Whoever asks in the other terminal reads the answer there as well.
      const { listen, collect } = await collector()
      events.to(event => {
        view.listen(event)
        listen(event)
      })
      try {
        await watchStep(session, step, createDesk(), collect)
      } finally {
        events.to(view.listen)
      }
    },
  }
}
