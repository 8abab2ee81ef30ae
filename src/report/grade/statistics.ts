import type { Grade } from '../../grade/gradebook.ts'
import type { CheckGrade } from '../../grade/result.ts'
import type { Text } from '../../lab/lab.ts'
import { shownChecks } from './about.ts'

export interface Distribution {
  readonly count: number
  readonly mean: number
  readonly median: number
  /** By tenths of what is possible; the last one holds full points and more. */
  readonly bins: readonly { readonly label: string; readonly count: number }[]
}

/** Of those who have a grade. `undefined`: nobody has, or nothing is possible. */
export function distribution(grades: readonly Grade[], possible: number): Distribution | undefined {
  const finals = grades.flatMap(({ final }) => (final === null ? [] : [final])).sort((a, b) => a - b)
  if (finals.length === 0 || possible <= 0) return
  const counts = Array.from({ length: 11 }, () => 0)
  for (const final of finals)
    counts[Math.max(0, Math.min(10, Math.floor(Math.round((1000 * final) / possible) / 100)))]!++
  const middle = finals.length / 2
  return {
    count: finals.length,
    mean: finals.reduce((sum, final) => sum + final, 0) / finals.length,
    median: (finals[Math.ceil(middle) - 1]! + finals[Math.floor(middle)]!) / 2,
    bins: counts.map((count, index) => ({
      label: index === 10 ? '100 %' : `${index * 10}–${index * 10 + 9} %`,
      count,
    })),
  }
}

export interface HardCheck {
  readonly check: CheckGrade
  readonly passed: number
  /** Of whom it could be said. */
  readonly judged: number
  readonly open: number
  /** What was wrong most often. */
  readonly cause?: Text
}

/** The ten that the smallest share passed. A check that waited for another was not tried. */
export function hardestChecks(grades: readonly Grade[]): HardCheck[] {
  const all = new Map<string, CheckGrade[]>()
  for (const grade of grades)
    for (const check of shownChecks(grade)) {
      const name = `${check.step}/${check.id}`
      const own = all.get(name)
      if (own) own.push(check)
      else all.set(name, [check])
    }
  return [...all.values()]
    .map(hardness)
    .filter(({ passed, judged, open }) => passed < judged || open > 0)
    .sort((a, b) => share(a) - share(b) || b.open - a.open)
    .slice(0, 10)
}

function hardness(checks: readonly CheckGrade[]): HardCheck {
  const judged = checks.filter(({ status }) => status === 'passed' || status === 'partial' || status === 'failed')
  const causes = new Map<string, { cause: Text; count: number }>()
  for (const { cause } of judged)
    if (cause) causes.set(cause.code, { cause: cause.message, count: (causes.get(cause.code)?.count ?? 0) + 1 })
  const [most] = [...causes.values()].sort((a, b) => b.count - a.count)
  return {
    check: checks[0]!,
    passed: judged.filter(({ status }) => status === 'passed').length,
    judged: judged.length,
    open: checks.filter(({ status }) => status === 'error').length,
    ...(most ? { cause: most.cause } : {}),
  }
}

function share({ passed, judged }: HardCheck): number {
  return judged === 0 ? 1 : passed / judged
}
