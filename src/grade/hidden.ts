import type { Lab } from '../lab/lab.ts'
import type { Exam } from './evaluate.ts'

/** Steps that only the instructor has come after those of the lab, and are about its students' variables and its cluster. */
export function withHidden(exam: Exam, hidden: Lab): Exam {
  const { lab } = exam
  const vars = { ...hidden.vars, ...lab.vars }
  return {
    ...exam,
    lab: { ...lab, vars, steps: [...lab.steps, ...hidden.steps] },
    hidden: new Set(hidden.steps.map(({ id }) => id)),
  }
}

/** Ids of steps that both have: grades and decisions could not tell them apart. */
export function repeatedSteps(lab: Lab, hidden: Lab): string[] {
  const ids = new Set(lab.steps.map(({ id }) => id))
  return hidden.steps.map(({ id }) => id).filter(id => ids.has(id))
}
