import type { Grade } from '../../grade/gradebook.ts'
import type { CheckGrade } from '../../grade/result.ts'
import type { Text } from '../../lab/lab.ts'
import type { Teller } from '../teller.ts'
import { byState, type GradeAbout, pointsText, shownChecks, whenText } from './about.ts'
import { countsText } from './github.ts'
import { type Html, html, page, prose } from './html.ts'
import { flagText, isUnreadable, reasonsOf } from './reasons.ts'
import { distribution, type HardCheck, hardestChecks } from './statistics.ts'

/** The file for the instructor, with names: first who needs them, then everybody, then what the numbers say. */
export function classPage(teller: Teller, about: GradeAbout, grades: readonly Grade[]): string {
  const { say, language } = teller
  const { assignment, course, tool, lab, runId, at } = about
  const due = assignment.due === undefined ? [] : [`${say.gradeReport.dueAt} ${whenText(about, assignment.due)}`]
  const body = html`<main class="wide">
<header>
<p class="soft">${course}</p>
<h1>${assignment.title}</h1>
<p>${countsText(teller, grades)}</p>
<p class="soft">${due.join(' · ')}</p>
</header>
${needsYou(teller, grades)}
${grid(teller, about, grades)}
${worthALook(teller, grades)}
${bars(teller, about, grades)}
${hardest(teller, hardestChecks(grades))}
<footer><p class="soft">${say.gradeReport.made(whenText(about, at), `${tool.name} ${tool.version}`)}</p>
<p class="soft">${say.gradeReport.runId} ${runId} · ${say.gradeReport.lab} ${lab.id} ${lab.digest}</p></footer>
</main>`
  return page(language, `${assignment.title} · ${course}`, body)
}

function needsYou(teller: Teller, grades: readonly Grade[]): Html {
  const { gradeReport: words } = teller.say
  const open = byState(grades).filter(({ state }) => state !== 'graded' && state !== 'excused')
  if (open.length === 0) return html`<section><h2>${words.needsYou}</h2><p>${words.nothingOpen}</p></section>`
  const rows = open.map(
    grade => html`<tr><th scope="row">${who(grade)}</th><td>${stateMark(teller, grade)}</td>
<td>${reasonsOf(teller, grade).map(reason => html`<p>${prose(reason)}</p>`)}</td><td>${prose(isUnreadable(grade) ? words.unreadableNext : words.stateNext[grade.state])}</td></tr>
`,
  )
  return html`<section>
<h2>${words.needsYou}</h2>
<div class="scroll"><table>
<thead><tr><th scope="col">${words.student}</th><th scope="col">${words.state}</th><th scope="col">${words.why}</th><th scope="col">${words.next}</th></tr></thead>
<tbody>
${rows}</tbody></table></div>
</section>`
}

/** What was noticed and holds nobody back. */
function worthALook(teller: Teller, grades: readonly Grade[]): Html | undefined {
  const { gradeReport: words } = teller.say
  const noticed = grades.flatMap(grade => {
    const flags = (grade.result?.flags ?? []).filter(flag => flag.severity !== 'hold' || grade.state !== 'held')
    return flags.length > 0 ? [{ grade, flags }] : []
  })
  if (noticed.length === 0) return
  const rows = noticed.map(
    ({
      grade,
      flags,
    }) => html`<tr><th scope="row">${who(grade)}</th><td>${flags.map(flag => html`<p>${flagText(teller, flag)}</p>`)}</td></tr>
`,
  )
  return html`<section>
<h2>${words.worthALook}</h2>
<p class="soft">${words.worthALookMeans}</p>
<div class="scroll"><table><tbody>
${rows}</tbody></table></div>
</section>`
}

function who({ student }: Grade): Html {
  return html`${student.name || student.id}<br><span class="soft">${[student.id, student.section].filter(Boolean).join(' · ')}</span>`
}

const stateMarks = {
  graded: ['passed', '✔'],
  incomplete: ['error', '?'],
  unreachable: ['error', '?'],
  waiting: ['error', '?'],
  absent: ['', '–'],
  excused: ['', '○'],
  held: ['partial', '!'],
} as const

function stateMark({ say }: Teller, { state }: Grade): Html {
  const [kind, sign] = stateMarks[state]
  return html`<span class="mark ${kind}">${sign} ${say.gradeReport.states[state]}</span>`
}

function grid(teller: Teller, { possible }: GradeAbout, grades: readonly Grade[]): Html {
  const { gradeReport: words } = teller.say
  const steps = new Map<string, Text>()
  for (const { result } of grades) for (const step of result?.steps ?? []) steps.set(step.id, step.title)
  const cells = (grade: Grade) => [...steps.keys()].map(id => html`<td>${stepMark(grade, id)}</td>`)
  const rows = byState(grades).map(grade => {
    const score =
      grade.final === null ? '' : `${pointsText(grade.final)} / ${pointsText(grade.raw.possible || possible)}`
    return html`<tr><th scope="row">${who(grade)}</th><td>${stateMark(teller, grade)}</td><td class="number">${score}${byPerson(grade) && ' ✎'}</td><td>${evidence(teller, grade)}</td>${cells(grade)}</tr>
`
  })
  const legend = [
    ['passed', '✔', words.legend],
    ['partial', '◐', words.legendSome],
    ['failed', '✘', words.legendNone],
    ['error', '?', words.legendOpen],
    ['', '–', words.legendNothing],
    ['', '⚙', words.legendSolved],
    ['', '✎', words.legendByPerson],
  ]
  return html`<section>
<h2>${words.grid}</h2>
<p class="soft">${legend.map(([kind, sign, text]) => html`<span class="mark ${kind}">${sign}</span> ${text} &#160; `)}</p>
<div class="scroll"><table class="grid">
<thead><tr><th scope="col">${words.student}</th><th scope="col">${words.state}</th><th scope="col" class="number">${words.grade}</th><th scope="col">${words.restsOn}</th>${[...steps.values()].map(title => html`<th scope="col">${teller.of(title)}</th>`)}</tr></thead>
<tbody>
${rows}</tbody></table></div>
</section>`
}

function byPerson({ override, awards }: Grade): boolean {
  return override !== null || awards.size > 0
}

function evidence({ say }: Teller, grade: Grade): string {
  const seen = shownChecks(grade).filter(({ status }) => status !== 'error' && status !== 'blocked')
  const levels = (['live', 'recorded'] as const).filter(level => seen.some(check => check.evidence === level))
  return levels.map(level => say.gradeReport.evidence[level]).join(' + ')
}

/** Sign, points, and what the tool did. */
function stepMark(grade: Grade, id: string): Html {
  const checks = shownChecks(grade).filter(check => check.step === id && check.status !== 'skipped')
  if (checks.length === 0) return html`<span class="mark">–</span>`
  const sum = (of: (check: CheckGrade) => number) => checks.reduce((total, check) => total + of(check), 0)
  const earned = sum(check => check.earned ?? 0)
  const points = sum(check => check.points)
  const open = checks.some(check => check.status === 'error')
  const [kind, sign] = open
    ? (['error', '?'] as const)
    : checks.every(check => check.status === 'passed')
      ? (['passed', '✔'] as const)
      : earned > 0
        ? (['partial', '◐'] as const)
        : (['failed', '✘'] as const)
  // What could not be looked at is no zero.
  const known = !open ? pointsText(earned) : earned > 0 ? `${pointsText(earned)}+` : '–'
  const solved = grade.result?.steps.some(step => step.id === id && step.status === 'solved')
  return html`<span class="mark ${kind}">${sign} ${known}/${pointsText(points)}${solved && ' ⚙'}</span>`
}

function bars({ say }: Teller, { possible }: GradeAbout, grades: readonly Grade[]): Html | undefined {
  const { gradeReport: words } = say
  const shape = distribution(grades, possible)
  if (!shape) return
  const most = Math.max(...shape.bins.map(({ count }) => count))
  const rows = shape.bins.map(
    ({
      label,
      count,
    }) => html`<tr><td class="number">${label}</td><td class="number">${count}</td><td class="bar"><svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect x="0" y="0" height="10" width="${(100 * count) / most}"/></svg></td></tr>
`,
  )
  return html`<section>
<h2>${words.distribution}</h2>
<p>${words.distributionOf(shape.count, pointsText(shape.mean), pointsText(shape.median))}</p>
<table><tbody>
${rows}</tbody></table>
</section>`
}

function hardest({ say, of }: Teller, checks: readonly HardCheck[]): Html {
  const { gradeReport: words } = say
  if (checks.length === 0) return html`<section><h2>${words.hardest}</h2><p>${words.hardestNone}</p></section>`
  const rows = checks.map(
    ({
      check,
      passed,
      judged,
      open,
      cause,
    }) => html`<tr><td>${prose(of(check.title))}<br><span class="soft">${check.step}/${check.id}${check.visibility === 'hidden' && ` · ${words.hidden}`}</span></td>
<td class="number">${passed} / ${judged}</td><td class="number">${open}</td><td>${cause && prose(of(cause))}</td></tr>
`,
  )
  return html`<section>
<h2>${words.hardest}</h2>
<div class="scroll"><table>
<thead><tr><th scope="col">${words.check}</th><th scope="col" class="number">${words.passedOf}</th><th scope="col" class="number">${words.openOnes}</th><th scope="col">${words.commonCause}</th></tr></thead>
<tbody>
${rows}</tbody></table></div>
</section>`
}
