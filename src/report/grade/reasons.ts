import type { Grade } from '../../grade/gradebook.ts'
import type { Flag } from '../../grade/result.ts'
import type { Teller } from '../teller.ts'
import { short } from './about.ts'

export function flagText({ say }: Teller, { code, detail }: Flag): string {
  return short(detail === '' ? say.gradeReport.flags[code] : `${say.gradeReport.flags[code]} (${detail})`, 300)
}

/** Something was handed in, and none of it could be read: only another file helps. */
export function isUnreadable({ state, result }: Grade): boolean {
  return state === 'held' && result?.attempt === 0 && result.flags.some(({ code }) => code === 'bundle-refused')
}

/** For the instructor: why a student has no grade. */
export function reasonsOf(teller: Teller, { state, result, checks }: Grade): string[] {
  const { say, of } = teller
  if (state === 'graded' || state === 'excused') return []
  if (state === 'absent') return [result?.reason ? short(of(result.reason), 300) : say.gradeReport.stateMeans.absent]
  if (state === 'held') {
    const flags = (result?.flags ?? []).filter(flag => flag.severity === 'hold')
    return flags.length === 0 ? [say.gradeReport.heldByPerson] : flags.map(flag => flagText(teller, flag))
  }
  const errors = checks.flatMap(check => (check.error ? [check.error] : []))
  if (errors.length === 0) return [result?.reason ? short(of(result.reason), 300) : say.gradeReport.stateUnknown]
  const classes = [...new Set(errors.map(error => error.class))]
  return classes.map(name => {
    const own = errors.filter(error => error.class === name)
    const detail = own.find(error => error.detail !== '')?.detail
    return short(`${own.length} × ${say.gradeReport.errors[name]}${detail ? ` (${detail})` : ''}`, 300)
  })
}
