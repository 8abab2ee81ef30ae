import type { Difference } from '../lab/verdict.ts'
import { code } from '../text/josa.ts'
import { cause } from './cause.ts'
import { field, known, wantsItAway } from './look.ts'

/** What is said of a check where no family knows more. */

const neverExisted = cause<{ what: string }>({
  code: 'never-existed',
  final: false,
  find({ check }) {
    if (!check?.differences.some(each => each.rule === 'never-existed')) return null
    return { what: subject(check.kind, check.fields) }
  },
  message: {
    ko: ({ what }) => `${code(what, '은/는')} 한 번도 있었던 적이 없어서, 없앴다고 할 수 없어요.`,
    en: ({ what }) => `\`${what}\` was never there, so it cannot be gone.`,
  },
  advice: {
    ko: () => '앞 단계를 건너뛰지 않았는지 보세요. 먼저 만들고, 그다음에 없애야 해요.',
    en: () => 'See whether a step before this one was left out: it has to be made first, and removed then.',
  },
})

function subject(kind: string, fields: Readonly<Record<string, unknown>>): string {
  if (kind === 'tcp') return `${fields['host'] ?? '127.0.0.1'}:${fields['port']}`
  const name = ['name', 'ref', 'image', 'path', 'url', 'port', 'id'].map(key => fields[key]).find(Boolean)
  return name === undefined ? kind : String(name)
}

type Mismatch = {
  path?: string
  seen?: string
  near?: string
  what: string
  away?: number
  old?: number
  /** Of a text: whether it lacks what should be in it, or has what should not. */
  text?: 'lacks' | 'has'
}

/** A line that was chosen of a whole text is not its value. */
function ofText({ path, expected = '', seen }: Difference): Pick<Mismatch, 'path' | 'seen' | 'text'> {
  const sign = /^(text|stdout|stderr)$/.test(path) ? /^(~|⊃|!~) /.exec(expected)?.[1] : undefined
  if (sign === undefined || seen === undefined) return known({ path, seen })
  if (sign !== '!~') return { text: 'lacks' }
  // Only the beginning of the text, where no line was chosen.
  return known({ text: 'has' as const, seen: seen.endsWith(' …') ? undefined : seen })
}

const mismatch = cause<Mismatch>({
  code: 'state.mismatch',
  final: false,
  fallback: true,
  find({ check }) {
    if (!check || check.problem) return null
    const first = check.differences[0]
    const { path, text, ...rest } = first ? ofText(first) : {}
    return known({
      what: (text && field(check, 'path')) || subject(check.kind, check.fields),
      path,
      text,
      ...rest,
      near: first?.near,
      away: wantsItAway(check) ? 1 : undefined,
      old: first?.rule === 'too-old' ? 1 : undefined,
    }) as Mismatch
  },
  message: {
    ko: ({ what, path, seen, away, old, text }) => {
      if (away) return `${code(what, '이/가')} 아직 남아 있어요.`
      if (old) return `${code(what, '은/는')} 기대한 모습이지만 이번에 새로 만든 것이 아니에요.`
      if (text === 'lacks') return `\`${what}\`에 기대한 내용이 없어요: 맞는 줄이 하나도 없어요.`
      if (text === 'has')
        return `\`${what}\`에 남아 있으면 안 되는 내용${seen ? ` ${code(seen, '이/가')}` : '이'} 있어요.`
      const where = path ? `\`${what}\`의 \`${path}\`` : `\`${what}\`의 상태`
      return seen
        ? `${where}${path ? ' 값이' : '가'} 지금은 ${code(seen, '이라/라')}서 기대와 달라요.`
        : `${where}에서 기대한 것을 찾지 못했어요.`
    },
    en: ({ what, path, seen, away, old, text }) => {
      if (away) return `\`${what}\` is still there.`
      if (old) return `\`${what}\` is as it should be, but was not made anew.`
      if (text === 'lacks') return `\`${what}\` does not have what is expected in it: no line of it fits.`
      if (text === 'has') return `\`${what}\` has something in it that must not be there${seen ? `: \`${seen}\`` : ''}.`
      const where = path ? `\`${path}\` of \`${what}\`` : `\`${what}\``
      return seen ? `${where} is not as expected (it is \`${seen}\`).` : `${where} lacks what was expected.`
    },
  },
  advice: {
    ko: ({ near, away }) =>
      near
        ? `혹시 ${code(near, '을/를')} 잘못 쓴 건 아닌지 보세요.`
        : away
          ? '아직 지우거나 멈추지 않았다면 이 단계의 명령을 실행하세요.'
          : '이 단계의 안내를 처음부터 다시 읽고, 빠뜨린 것이 없는지 견주어 보세요.',
    en: ({ near, away }) =>
      near
        ? `See whether \`${near}\` is a slip.`
        : away
          ? 'If you have not removed or stopped it yet, run the commands of this step.'
          : 'Read this step once more from its start and compare it with what you have.',
  },
})

const couldNotLook = cause<{ what: string; problem: string }>({
  code: 'look.failed',
  final: false,
  fallback: true,
  find({ check }) {
    return check?.problem ? { what: subject(check.kind, check.fields), problem: detail(check.problem) } : null
  },
  message: {
    ko: ({ what, problem }) => `\`${problem}\` 문제로 \`${what}\`의 상태를 살펴보지 못했어요.`,
    en: ({ what, problem }) => `The state of \`${what}\` could not be looked at: \`${problem}\`.`,
  },
  advice: {
    ko: () => '틀렸다는 뜻이 아니에요. 잠시 뒤에 다시 확인하고, 계속되면 `lab doctor`로 환경을 점검하세요.',
    en: () =>
      'That does not mean it is wrong. Try again in a moment; if it stays, examine the environment with `lab doctor`.',
  },
})

function detail(problem: { code: string; evidence: Readonly<Record<string, string | number>> }): string {
  return String(problem.evidence['message'] ?? problem.evidence['detail'] ?? problem.code)
}

export const state = [neverExisted, mismatch, couldNotLook]
