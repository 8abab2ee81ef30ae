import type { Lab, StepScore } from './lab.ts'

/** Points are plain numbers in files; sums are made in thousandths, which are whole. */

export function toThousandths(points: number): number {
  return Math.round(points * 1000)
}

export function fromThousandths(thousandths: number): number {
  return thousandths / 1000
}

/** One thing that has points: a check, or an item of a rubric. */
export interface Scored {
  readonly points: number
  /** `null`: not known yet. */
  readonly earned: number | null
  readonly bonus?: boolean
  /** Where it is not fully there, its step earns nothing. */
  readonly required?: boolean
}

export interface Sum {
  readonly earned: number
  readonly possible: number
  /** What may still come, once it is known. */
  readonly ungraded: number
  readonly bonus: number
}

/** Of one step. Bonus points come on top, whatever the rule. */
export function sumOf(items: readonly Scored[], rule: StepScore): Sum {
  const normal = items.filter(each => !each.bonus)
  const bonus = items.filter(each => each.bonus)
  const full = normal.map(each => toThousandths(each.points))
  const known = (each: Scored) => toThousandths(each.earned ?? 0)
  const hoped = (each: Scored) => toThousandths(each.earned ?? each.points)
  const gate = (value: (each: Scored) => number) =>
    items.every(each => !each.required || value(each) >= toThousandths(each.points))
  const reach = (value: (each: Scored) => number) =>
    gate(value)
      ? { base: combined(normal.map(value), full, rule), more: total(bonus.map(value)) }
      : { base: 0, more: 0 }
  const [sure, best] = [reach(known), reach(hoped)]
  return {
    earned: fromThousandths(sure.base + sure.more),
    possible: fromThousandths(combined(full, full, rule)),
    ungraded: fromThousandths(best.base + best.more - sure.base - sure.more),
    bonus: fromThousandths(sure.more),
  }
}

/** What a lab can earn at most; of all of it, bonus and rubric included, nothing is earned yet. */
export function possibleOf({ steps }: Pick<Lab, 'steps'>): Sum {
  const nothing = { earned: 0 } as const
  return addUp(
    steps.map(({ checks, rubric, score }) => {
      const scored = checks.map(({ points = 1, bonus = false }) => ({ ...nothing, points, bonus }))
      return sumOf([...scored, ...rubric.map(({ points }) => ({ ...nothing, points }))], score)
    }),
  )
}

export function addUp(sums: readonly Sum[]): Sum {
  const of = (name: keyof Sum) => fromThousandths(total(sums.map(each => toThousandths(each[name]))))
  return { earned: of('earned'), possible: of('possible'), ungraded: of('ungraded'), bonus: of('bonus') }
}

function combined(values: readonly number[], full: readonly number[], rule: StepScore): number {
  if (rule === 'sum') return total(values)
  if (rule === 'all') return values.every((value, index) => value >= full[index]!) ? total(values) : 0
  const count = rule === 'max' ? 1 : Number(rule.slice('best:'.length))
  return total(values.toSorted((a, b) => b - a).slice(0, count))
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}
