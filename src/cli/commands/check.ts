import type { Lab, Step } from '../../lab/lab.ts'
import { labProgress, nextStep } from '../../lab/progress.ts'
import type { CheckResult } from '../../lab/verdict.ts'
import { checkLines } from '../../report/checks.ts'
import { labelled } from '../../report/teller.ts'
import type { Session } from '../../run/session.ts'
import { hintFor, lookAt, settle } from '../../run/walk.ts'
import { type Context, createContext } from '../context.ts'
import { type Exit, exits, Stop } from '../exit.ts'
import type { Common } from '../options.ts'
import { findStep, labId, withSession } from '../session.ts'

export async function check(given: string | undefined, stepId: string | undefined, options: Common): Promise<Exit> {
  const context = await createContext(options)
  try {
    const lab = await context.lab(labId(context, given))
    return await withSession(context, lab, { lock: 'if-free' }, session => look(context, session, lab, stepId))
  } finally {
    context.close()
  }
}

async function look(context: Context, session: Session, lab: Lab, stepId: string | undefined): Promise<Exit> {
  const { teller, out, options, commandFor } = context
  const begun = labProgress(session.progress, lab.id).startedAt > 0
  if (!begun && !options.json) throw new Stop(exits.usage, teller.say.notBegun(commandFor(`run ${lab.id}`)))
  const next = nextStep(session.progress, lab) ?? lab.steps.at(-1)!.id
  const step = findStep(context, lab, stepId ?? next)
  const results = await lookAt(session, step, { once: true, signal: session.signal })
  const current = step.id === next && begun && !session.readOnly
  if (current) await settle(session, step, results, 'passed')
  const hint = hintFor(step, results, Number.MAX_SAFE_INTEGER)
  if (options.json) process.stdout.write(`${JSON.stringify(document(context, lab, step, results, hint))}\n`)
  else {
    for (const result of results) for (const line of checkLines(out, result)) out.print(line)
    if (hint) out.print(labelled(out, out.say.hint, out.of(hint), 2, 4))
  }
  if (session.signal.aborted) return exits.interrupted
  if (results.every(result => result.verdict === 'passed')) return exits.done
  return results.some(result => result.verdict === 'error') ? exits.environment : exits.failed
}

function document(
  { teller: { of } }: Context,
  lab: Lab,
  step: Step,
  results: readonly CheckResult[],
  hint: ReturnType<typeof hintFor>,
) {
  return {
    lab: lab.id,
    step: step.id,
    passed: results.every(result => result.verdict === 'passed'),
    checks: results.map(({ id, kind, title, verdict, cause, differences, tookMs }) => ({
      id,
      step: step.id,
      kind,
      title: of(title),
      verdict,
      cause: cause ? { code: cause.code, message: of(cause.message), evidence: cause.evidence } : null,
      expected: differences[0]?.expected ?? null,
      seen: differences[0]?.seen ?? null,
      hint: hint && verdict !== 'passed' && verdict !== 'blocked' ? of(hint) : null,
      tookMs,
    })),
  }
}
