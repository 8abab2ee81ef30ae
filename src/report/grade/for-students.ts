import { type Grade, totalsOf } from '../../grade/gradebook.ts'
import type { CheckGrade, Flag, StepGrade } from '../../grade/result.ts'
import type { Teller } from '../teller.ts'
import { pointsText } from './about.ts'

/** No step of a lab can have this id. */
const id = '_hidden'

/** A grade as anybody but the instructor may read it: of hidden checks only what all of them come to. */
export function forStudents(teller: Teller, grade: Grade): Grade {
  const { result } = grade
  const hidden = grade.checks.filter(({ visibility }) => visibility === 'hidden')
  if (!result || hidden.length === 0) return grade
  const names = hidden.map(check => `${check.step}/${check.id}`)
  const checks = [
    ...grade.checks.filter(({ visibility }) => visibility !== 'hidden'),
    together(teller, result.steps, hidden),
  ]
  const title = same(teller.say.gradeReport.hiddenStep)
  const one: StepGrade = { id, title, score: 'sum', status: 'todo', hints: 0, tries: 0 }
  const shown = result.steps.filter(step => !hidden.some(check => check.step === step.id))
  const quiet = (flag: Flag) => (names.some(name => flag.detail.includes(name)) ? { ...flag, detail: '' } : flag)
  return { ...grade, checks, result: { ...result, checks, steps: [...shown, one], flags: result.flags.map(quiet) } }
}

function together({ say }: Teller, steps: readonly StepGrade[], hidden: readonly CheckGrade[]): CheckGrade {
  const { earned, possible } = totalsOf(steps, hidden)
  const errors = hidden.flatMap(({ error }) => error ?? [])
  const error = errors.find(each => each.class !== 'manual') ?? errors[0]
  const words = say.gradeReport
  const common = {
    ...{ id: 'hidden', step: id, kind: 'hidden', points: possible, bonus: false, required: false },
    ...{ subject: '', differences: [], cause: null },
    visibility: 'hidden',
    title: same(error && earned > 0 ? words.hiddenSoFar(pointsText(earned)) : words.hiddenChecks),
    evidence: hidden.some(check => check.evidence === 'recorded') ? 'recorded' : 'live',
    tookMs: hidden.reduce((sum, { tookMs }) => sum + tookMs, 0),
  } as const
  if (error)
    return { ...common, status: 'error', earned: null, error: { class: error.class, retryable: false, detail: '' } }
  return { ...common, status: statusOf(hidden, earned, possible), earned }
}

function statusOf(hidden: readonly CheckGrade[], earned: number, possible: number): CheckGrade['status'] {
  const counted = hidden.filter(({ status }) => status !== 'skipped')
  if (counted.length === 0) return 'skipped'
  if (counted.every(({ status }) => status === 'passed') || (possible > 0 && earned >= possible)) return 'passed'
  return earned > 0 ? 'partial' : 'failed'
}

function same(text: string) {
  return { ko: text, en: text }
}
