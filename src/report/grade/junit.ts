import type { Grade } from '../../grade/gradebook.ts'
import { type JunitCase, type JunitSuite, junit } from '../junit.ts'
import type { Teller } from '../teller.ts'
import { type GradeAbout, short } from './about.ts'
import { casesOf, type GradeCase } from './cases.ts'

/** One document for the class; a suite for each student and step. */
export function gradeJunit(teller: Teller, about: GradeAbout, grades: readonly Grade[]): string {
  const suites = grades.flatMap(grade => bySteps(casesOf(teller, grade)).map(cases => suite(about, grade, cases)))
  return junit(short(`${about.course}/${about.assignment.id}`, 200), suites)
}

function bySteps(cases: readonly GradeCase[]): GradeCase[][] {
  const steps = new Map<string, GradeCase[]>()
  for (const each of cases) {
    const step = each.step?.id ?? ''
    steps.set(step, [...(steps.get(step) ?? []), each])
  }
  return [...steps.values()]
}

function suite({ lab, runId, at }: GradeAbout, { student, state, result }: Grade, cases: GradeCase[]): JunitSuite {
  const step = cases[0]!.step?.id
  // Readers take suites of one name and time for one, and show cases by their class: both name student and step.
  const name = [student.id, lab.id, step].filter(each => each !== undefined).join('.')
  return {
    name,
    at: result ? Date.parse(result.evidence.collectedAt) : at,
    properties: {
      ...{ 'student.id': student.id, 'student.state': state },
      ...{ 'lab.digest': short(lab.digest, 200), 'run.id': short(runId, 100) },
      ...(result ? { 'result.id': short(result.resultId, 100) } : {}),
    },
    cases: cases.map(each => junitCase(each, name, lab.file)),
  }
}

function junitCase({ id, title, outcome, type, text, check }: GradeCase, classname: string, file?: string): JunitCase {
  const made = {
    classname,
    name: `${id}: ${title}`,
    tookMs: check?.tookMs ?? 0,
    ...(file ? { file: short(file, 500) } : {}),
  }
  if (outcome === 'passed') return { ...made, output: text }
  const kind = outcome === 'failed' ? 'failure' : outcome === 'error' ? 'error' : 'skipped'
  return { ...made, result: { kind, type, text } }
}
