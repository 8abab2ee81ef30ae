import { code } from '../text/josa.ts'
import { type Cause, cause } from './cause.ts'
import { known } from './look.ts'

/** Why evidence of a student's work says nothing about a check: read by whoever grades. */

type Look = { look?: string; bytes?: number }

function look(name: string, texts: Pick<Cause<Look>, 'message' | 'advice'>) {
  return cause<Look>({
    code: name,
    final: true,
    find: ({ check }) => (check?.problem?.code === name ? known(check.problem.evidence as Look) : null),
    ...texts,
  })
}

const short = (text = '') => text.slice(0, 100)

export const evidence = [
  look('grade.not-collected', {
    message: {
      ko: ({ look }) => `수집해 둔 증거에 ${code(short(look), '을/를')} 살펴본 기록이 없어요.`,
      en: ({ look }) => `The evidence has no look at \`${short(look)}\`.`,
    },
    advice: {
      ko: () =>
        '증거를 모은 뒤에 실습이 바뀌어 다른 것을 보게 되었을 거예요. 이 학생의 컴퓨터를 다시 보거나(`lab grade run 과제 --student ID --run 기록`) 다시 제출하게 하세요. 그때까지 점수는 매기지 않아요.',
      en: () =>
        'The lab has probably come to look at something else since it was collected. Look at this machine of the student again (`lab grade run ASSIGNMENT --student ID --run RUN`), or have it handed in again. Until then nothing is graded.',
    },
  }),
  look('grade.too-large', {
    message: {
      ko: ({ look, bytes }) => `${code(short(look), '은/는')} ${bytes}바이트나 되어서 담지 않았어요.`,
      en: ({ look, bytes }) => `\`${short(look)}\` is too large to be kept (${bytes} bytes).`,
    },
    advice: {
      ko: () =>
        '무엇이 그렇게 큰지 직접 보세요. 그럴 만한 것이라면 class.yaml의 `limits.observationBytes`를 올리고 다시 모으세요.',
      en: () =>
        'See yourself what is so large. If it has a good reason, raise `limits.observationBytes` in class.yaml and collect again.',
    },
  }),
]
