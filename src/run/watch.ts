import { join } from 'node:path'
import type { Step } from '../lab/lab.ts'
import { type Answer, type Desk, deskName } from './desk.ts'
import type { Collect } from './guide.ts'
import { observe } from './observe.ts'
import type { Session } from './session.ts'
import { giveHint, lookAt, settle, skipStep, solveStep } from './walk.ts'

interface Request {
  readonly words: readonly string[]
  answer(answer: Answer): void
}

/**
 * Waits beside a learner who works in another terminal until the step is done; `lab hint`, `lab solve` and `lab skip` that
 * are typed there are answered. Returns early when the session is interrupted.
 */
export async function watchStep(session: Session, step: Step, desk: Desk, collect: Collect): Promise<void> {
  const requests: Request[] = []
  let waiting = new AbortController()
  const open = await desk.open(join(session.store.dir, deskName), words => {
    const answered = new Promise<Answer>(answer => void requests.push({ words, answer }))
    waiting.abort()
    return answered
  })
  try {
    for (let done = false; !done && !session.signal.aborted; ) {
      const request = requests.shift()
      done = request ? await meet(request) : await wait()
    }
  } finally {
    open.close()
    for (const { answer } of requests) answer({ text: '', exit: 1 })
  }

  /** True when the step is done. */
  async function wait(): Promise<boolean> {
    waiting = new AbortController()
    if (requests.length > 0) return false
    const signal = AbortSignal.any([waiting.signal, session.signal])
    const results = await lookAt(session, step, { patient: true, signal })
    // What passed first may be broken by the time the last one passes.
    if (signal.aborted || !(await observed({ quiet: true })).every(result => result.verdict === 'passed')) return false
    return settle(session, step, results, 'passed')
  }

  async function meet({ words, answer }: Request): Promise<boolean> {
    await collect()
    let done = false
    if (words[0] === 'hint') {
      const results = await observed({ quiet: 'but find causes' })
      await giveHint(
        session,
        step,
        results.flatMap(result => result.cause?.code ?? []),
      )
    } else if (words[0] === 'skip') {
      await skipStep(session, step)
      done = true
    } else if (words[0] === 'solve') done = (await solveStep(session, step)) === null
    answer({ text: await collect(), exit: done || words[0] === 'hint' ? 0 : 1 })
    return done
  }

  async function observed(options: { readonly quiet: true | 'but find causes' }) {
    return (await observe(session, step, { once: true, ...options, signal: session.signal })).results
  }
}
