import type { Text } from '../lab/lab.ts'
import { particle } from '../text/josa.ts'
import type { LeftKind } from './snapshot.ts'

/** What a proof says to an author, by code. One sentence that says what is wrong, and where it helps what to do. */
export const texts = {
  'not-ready': (message: Text) => message,
  'not-fresh': (things: string): Text => ({
    ko: `이 실습이 만들 것이 이미 있어서 증명할 수 없어요: ${things}. 지우고 다시 해 보세요`,
    en: `what this lab makes is there already, so nothing can be proven: ${things}. Remove it and try again`,
  }),
  'needs-failed': (lab: string): Text => ({
    ko: `이 실습은 ${lab} 실습을 끝낸 상태에서 시작하는데, 그 상태까지 가지 못했어요`,
    en: `this lab starts from the end of ${lab}, which could not be reached`,
  }),
  'could-not-look': (code: string): Text => ({
    ko: `컴퓨터의 상태를 볼 수 없었어요: ${code}`,
    en: `the machine could not be looked at: ${code}`,
  }),
  'passes-before': (): Text => ({
    ko: '단계를 하기 전에 이미 통과해요. 이 확인은 아무것도 증명하지 못해요',
    en: 'this check passes before the step is done, so it proves nothing',
  }),
  'blind-before': (): Text => ({
    ko: '단계를 하기 전에는 확인할 수 없어요. 틀린 상태를 알아보는지 알 수 없어요',
    en: 'this check cannot look before the step is done, so nobody knows whether it notices a wrong state',
  }),
  'after-mistakes': (): Text => ({
    ko: '이 단계의 실수를 먼저 해 보고 되돌렸어요. 실수 없이는 된다면 `reset:`이 하기 전의 상태로 되돌리지 않는 거예요 (`--only reset`으로 확인하세요)',
    en: 'The mistakes of this step were made and taken back before. If it works without them (`--only reset`), `reset:` does not bring back the state before',
  }),
  'command-failed': (): Text => ({ ko: '풀이의 명령이 실패했어요', en: 'a command of the solution failed' }),
  'not-passed': (): Text => ({
    ko: '풀이를 했는데 통과하지 않아요',
    en: 'this check does not pass after the solution',
  }),
  'blind-after': (): Text => ({
    ko: '풀이를 한 뒤에 확인할 수 없었어요',
    en: 'this check could not look after the solution',
  }),
  'breaks-earlier': (step: string): Text => ({
    ko: `이 단계를 하고 나면 앞 단계 ${particle(step, '이/가')} 더는 통과하지 않아요. 일부러 그런 것이면 앞 단계에 \`until:\`을 쓰세요`,
    en: `after this step the earlier step ${step} does not pass any more. If that is on purpose, give that one \`until:\``,
  }),
  'reset-breaks': (step: string): Text => ({
    ko: `되돌리면 앞 단계 ${step}까지 없어져요. \`reset:\`은 이 단계가 한 일만 되돌려야 해요`,
    en: `the reset takes the earlier step ${step} along: \`reset:\` should take back only what this step did`,
  }),
  'passes-after-reset': (): Text => ({
    ko: '되돌린 뒤에도 통과해요. `reset:`이 이 단계가 한 일을 모두 되돌리지 않아요',
    en: 'this check still passes after the reset: `reset:` does not take back everything that the step did',
  }),
  'blind-after-reset': (): Text => ({
    ko: '되돌린 뒤에 확인할 수 없어요. 되돌리기가 너무 많이 지웠을 수 있어요',
    en: 'this check cannot look after the reset, which may have taken back too much',
  }),
  'reset-failed': (): Text => ({ ko: '되돌리는 명령이 실패했어요', en: 'a command of the reset failed' }),
  'cleanup-failed': (): Text => ({ ko: '`cleanup:`의 명령이 실패했어요', en: 'a command of `cleanup:` failed' }),
  'not-restored': (mistake: string): Text => ({
    ko: `실수 ${mistake} 뒤에 되돌렸지만 단계를 하기 전의 상태로 돌아오지 않아요`,
    en: `after the mistake ${mistake} the reset does not bring back the state before the step`,
  }),
  'mistake-passes': (): Text => ({
    ko: '틀린 방법인데 모든 확인이 통과해요',
    en: 'this wrong way passes every check',
  }),
  'mistake-other-cause': (wanted: string, named: string): Text => ({
    ko: `원인으로 \`${wanted}\` 대신 ${named} 나왔어요`,
    en: `instead of the cause \`${wanted}\`, ${named} was named`,
  }),
  'mistake-tells': (line: string): Text => ({
    ko: `이 실수를 한 사람에게 정답을 그대로 알려 줘요: ${line}`,
    en: `whoever makes this mistake is told the whole answer: ${line}`,
  }),
  'near-miss': (what: Text): Text => ({
    ko: `이렇게 틀려도 아무 확인도 알아채지 못해요: ${what.ko}`,
    en: `no check notices this near miss: ${what.en}`,
  }),
  'left-behind': (kind: LeftKind, name: string): Text => ({
    ko: `정리한 뒤에도 남아 있어요: ${kinds[kind].ko} ${name}`,
    en: `still there after cleaning up: ${kinds[kind].en} ${name}`,
  }),
  appeared: (kind: LeftKind, name: string): Text => ({
    ko: `그동안 생겨서 남아 있는데, 이 실습이 만든 것인지는 알 수 없어요: ${kinds[kind].ko} ${name}`,
    en: `appeared meanwhile and is still there, though perhaps not by this lab: ${kinds[kind].en} ${name}`,
  }),
  'taken-away': (kind: LeftKind, name: string): Text => ({
    ko: `전부터 있던 것이 없어졌어요: ${kinds[kind].ko} ${name}`,
    en: `it was there before the lab and is gone: ${kinds[kind].en} ${name}`,
  }),
  'not-removed': (name: string): Text => ({ ko: `지울 수 없었어요: ${name}`, en: `could not be removed: ${name}` }),
  manual: (why: Text): Text => ({
    ko: `사람만 할 수 있는 단계라서 여기까지만 증명했어요: ${why.ko}`,
    en: `only a person can do this step, so the proof ends here: ${why.en}`,
  }),
  interrupted: (): Text => ({ ko: '끝나기 전에 중단됐어요', en: 'interrupted before the end' }),
} as const

export const kinds: Readonly<Record<LeftKind, Text>> = {
  container: { ko: '컨테이너', en: 'container' },
  image: { ko: '이미지', en: 'image' },
  volume: { ko: '볼륨', en: 'volume' },
  network: { ko: '네트워크', en: 'network' },
  cluster: { ko: '클러스터', en: 'cluster' },
  context: { ko: 'kubectl 컨텍스트', en: 'context of kubectl' },
  object: { ko: '클러스터의 오브젝트', en: 'object of the cluster' },
  file: { ko: '파일', en: 'file' },
  port: { ko: '열린 포트', en: 'open port' },
  process: { ko: '프로세스', en: 'process' },
}
