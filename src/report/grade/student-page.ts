import type { Grade } from '../../grade/gradebook.ts'
import type { CheckGrade, StepGrade } from '../../grade/result.ts'
import type { Teller } from '../teller.ts'
import { type GradeAbout, pointsText, shownSteps, whenText } from './about.ts'
import { checkRows, pointsLine, statusText } from './check-text.ts'
import { explained, raisedFrom } from './explain.ts'
import { forStudents } from './for-students.ts'
import { type Html, html, page, prose } from './html.ts'
import { isUnreadable } from './reasons.ts'

export const statusMarks = { passed: '✔', partial: '◐', failed: '✘', blocked: '…', skipped: '–', error: '?' } as const

/** The file that one student gets. It has their id, and neither their name nor what the instructor noted about them. */
export function studentPage(teller: Teller, about: GradeAbout, whole: Grade): string {
  const { say, language } = teller
  const { assignment, course } = about
  const grade = forStudents(teller, whole)
  const { student, result } = grade
  const times = [
    assignment.due === undefined
      ? undefined
      : [say.gradeReport.dueAt, whenText(about, assignment.due + student.extraTime)],
    result?.times.submittedAt ? [say.gradeReport.handedIn, whenText(about, result.times.submittedAt)] : undefined,
    result ? [say.gradeReport.lookedAtWhen, whenText(about, result.evidence.collectedAt)] : undefined,
  ].flatMap(each => (each ? [`${each[0]} ${each[1]}`] : []))
  const body = html`<main>
<header>
<p class="soft">${course}</p>
<h1>${assignment.title}</h1>
<p class="soft">${say.gradeReport.student} ${student.id}</p>
<p class="soft">${times.map(time => html`<span class="time">${time}</span> `)}</p>
</header>
${scoreBox(teller, grade)}
${howItCame(teller, about, grade)}
${checks(teller, grade)}
${ends(teller, about, grade)}
</main>`
  return page(language, `${assignment.title} · ${student.id}`, body)
}

function scoreBox({ say }: Teller, grade: Grade): Html {
  const { state, final, raw } = grade
  const possible = raw.possible > 0 ? ` / ${pointsText(raw.possible)}` : ''
  const score = final === null ? say.gradeReport.states[state] : `${pointsText(final)}${possible}`
  return html`<section class="score ${state}"><strong>${score}</strong>
<p>${final !== null && html`${say.gradeReport.states[state]}. `}${isUnreadable(grade) ? say.gradeReport.unreadableMeans : say.gradeReport.stateMeans[state]}</p></section>`
}

function howItCame(teller: Teller, about: GradeAbout, grade: Grade): Html | undefined {
  if (grade.state === 'held' || grade.state === 'excused') return
  const lines = explained(teller, about, grade)
  if (lines.length === 0) return
  const { gradeReport: words } = teller.say
  const total = grade.final ?? raisedFrom(grade)
  const rows = lines.map(
    ({ text, points }) => html`<tr><td>${text}</td><td class="number">${points === null ? '' : signed(points)}</td></tr>
`,
  )
  return html`<section>
<h2>${words.howItCame}</h2>
<table><tbody>
${rows}<tr class="total"><td>${grade.final === null ? words.soFar : words.grade}</td><td class="number">${pointsText(total)}</td></tr>
</tbody></table>
</section>`
}

/** With a real minus sign. */
function signed(points: number): string {
  return points < 0 ? `−${pointsText(-points)}` : pointsText(points)
}

function checks(teller: Teller, grade: Grade): Html | undefined {
  const { say } = teller
  if (grade.state === 'held')
    return html`<section><h2>${say.gradeReport.whatWasLookedAt}</h2><p>${say.gradeReport.notShown}</p></section>`
  const steps = shownSteps(grade)
  if (steps.length === 0) return
  const seen = steps.flatMap(each => each.checks.filter(check => rests(grade, check)))
  const levels = [...new Set(seen.map(check => check.evidence))].sort()
  return html`<section>
<h2>${say.gradeReport.whatWasLookedAt}</h2>
${steps.map(each => stepPart(teller, grade, each.step, each.checks))}
</section>
${
  levels.length > 0 &&
  html`<section>
<h2>${say.gradeReport.evidenceHeading}</h2>
<ul class="plain">
${levels.map(
  level => html`<li><span class="mark">${say.gradeReport.evidence[level]}</span> ${say.gradeReport.evidenceMeans[level]}</li>
`,
)}</ul>
</section>`
}`
}

/** Whether its points rest on something that was seen. */
function rests(grade: Grade, check: CheckGrade): boolean {
  return ['passed', 'partial', 'failed'].includes(check.status) && !grade.awards.has(`${check.step}/${check.id}`)
}

function stepPart(teller: Teller, grade: Grade, step: StepGrade, own: readonly CheckGrade[]): Html {
  const notes = stepNotes(teller, step)
  return html`<h3>${prose(teller.of(step.title))}</h3>
${
  notes.length > 0 &&
  html`<p class="soft">${notes.join(' · ')}</p>
`
}${own.map(check => checkPart(teller, grade, check))}`
}

function stepNotes({ say }: Teller, { status, hints, score }: StepGrade): string[] {
  const { rules, stepSolved, stepSkipped, stepHints } = say.gradeReport
  const best = /^best:(\d+)$/.exec(score)
  const rule = best ? rules.best(Number(best[1])) : rules[score as 'sum' | 'all' | 'max']
  const how = status === 'solved' ? stepSolved : status === 'skipped' ? stepSkipped : ''
  return [how, hints > 0 ? stepHints(hints) : '', rule].filter(Boolean)
}

function checkPart(teller: Teller, grade: Grade, check: CheckGrade): Html {
  const { say } = teller
  const { status, title, evidence, bonus, required } = check
  const rows = checkRows(teller, grade, check, 'student')
  const marks = [
    ...(bonus ? [say.gradeReport.bonus] : []),
    ...(required ? [say.gradeReport.required] : []),
    ...(rests(grade, check) ? [say.gradeReport.evidence[evidence]] : []),
  ]
  return html`<article class="check">
<header><span class="mark ${status}">${statusMarks[status]} ${statusText(teller, check)}</span>
<b>${prose(teller.of(title))}</b> <span>${pointsLine(teller, check)}</span></header>
${
  marks.length > 0 &&
  html`<p class="soft">${marks.map(mark => html`<span class="mark">${mark}</span> `)}</p>
`
}${
  rows.length > 0 &&
  html`<dl>${rows.map(({ label, text }) => html`<dt>${label}</dt><dd>${prose(text)}</dd>`)}</dl>
`
}</article>
`
}

function ends({ say, of }: Teller, about: GradeAbout, { result }: Grade): Html {
  const { lab, runId, tool, at, appeal } = about
  const ids = [
    ...(result ? [[say.gradeReport.resultId, result.resultId]] : []),
    [say.gradeReport.runId, result?.runId ?? runId],
    [say.gradeReport.lab, `${result?.lab.id ?? lab.id} ${result?.lab.digest ?? lab.digest}`],
  ] as const
  return html`<section>
<h2>${say.gradeReport.disagree}</h2>
<p>${say.gradeReport.disagreeHow}</p>
${
  appeal &&
  html`<p>${of(appeal)}</p>
`
}<dl class="soft">${ids.map(([label, id]) => html`<dt>${label}</dt><dd>${id}</dd>`)}</dl>
</section>
<footer><p class="soft">${say.gradeReport.made(whenText(about, at), `${tool.name} ${tool.version}`)}</p></footer>`
}
