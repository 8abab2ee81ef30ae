import type { Messages } from './en.ts'
import { particle } from './josa.ts'

/** `lab grade`와 `lab submit`이 하는 말. */
export const gradingKo: Messages['grading'] = {
  noClass: file => `${file} 파일이 없어요. 하나 만들거나(docs/grading.md 참고) --class FILE로 알려 주세요.`,
  noAssignment: id => `class.yaml에 없는 과제예요: ${id}.`,
  theAssignmentsAre: ids => `과제 목록: ${ids}`,
  noStudent: id => `명단에 없는 학생 id예요: ${id}.`,
  seeRoster: '명단(roster.csv)의 id 열을 확인하세요.',
  nobody: '채점할 학생이 없어요. 고른 조건에 맞는 학생이 명단에 없어요.',
  labChanged: (expected, seen) =>
    `class.yaml에 적힌 실습과 내용이 달라요. 적힌 것은 ${expected}, 지금 것은 ${seen}이에요.`,
  emptyRoster: '명단에 학생이 없어요.',
  noLocalFile: (field, path) =>
    `class.yaml의 targets에서 ${field}로 적은 ${path} 파일이 없어요. ${field === 'knownHosts' ? '`ssh-keyscan -p 포트 호스트`로 키를 받아, 그 컴퓨터의 것과 견주어 본 다음 넣으세요.' : '경로를 확인하세요.'}`,
  noHidden: dir => `숨은 확인이 담긴 실습 폴더가 없어요: ${dir}. class.yaml의 hidden:을 고쳐 주세요.`,
  hiddenBroken: dir => `숨은 확인을 쓸 수 없어요: ${dir}`,
  hiddenRepeats: (steps, lab, hidden) =>
    `실습 ${lab}에도, 숨은 확인 ${hidden}에도 있는 단계예요: ${steps}. 숨은 확인 쪽의 id를 바꿔 주세요.`,
  noRun: (command, dir) => `아직 채점한 기록이 없어요. 찾아본 곳은 ${dir}예요. 채점하려면: ${command}`,
  brokenRun: file => `${file} 파일을 읽을 수 없어요. 다른 채점 기록을 --run으로 고르거나 다시 채점하세요.`,
  noSubmissions: (path, why) => `제출물을 볼 수 없어요. ${path}: ${why}. class.yaml의 targets에서 path를 확인하세요.`,
  noFile: reason =>
    reason === 'ENOENT'
      ? '그런 파일이나 폴더가 없어요'
      : /zip/.test(reason)
        ? 'zip 파일이 아니거나 끝이 잘렸어요'
        : reason,
  unwritable: (path, why) => `${path}에 쓸 수 없어요: ${why}. 고친 뒤 같은 명령을 다시 실행하세요.`,
  noSpace: '디스크가 가득 찼어요',
  noFolder: '그런 폴더가 없어요',
  isFolder: '파일이 아니라 폴더예요',
  noSuchRun: id => `없는 채점 기록이에요: ${id}.`,
  theRunsAre: ids => `채점 기록: ${ids}`,
  resuming: (id, done, all) => `앞의 채점을 이어서 해요(${id}). ${all}명 중 ${done}명이 끝났어요.`,
  running: (id, all) => `채점 ${id}: 학생 ${all}명.`,
  progress: (done, all) => `${done}/${all}`,
  interrupted: command => `멈췄어요. 여기까지 한 것은 남아 있어요. 이어서 하려면: ${command}`,
  networkDown:
    '마지막 50명 중 30% 넘게 연결되지 않았어요. 학생들이 아니라 이쪽 네트워크 문제예요. 나머지는 시도하지 않았어요.',
  goOn: command => `나중에 이어서 하려면: ${command}`,
  collected: '수집됨',
  counted: (count, state) => `${state} ${count}명`,
  ungradedNext: command => `보지 못한 학생을 다시 보려면: ${command}`,
  manualNext: command => `사람이 정하는 점수를 주려면: ${command}`,
  heldNext: (command, release) => `보류된 학생은 사람이 봐야 해요: ${command}\n보고 나서 풀어 주려면: ${release}`,
  reportNext: command => `보고서: ${command}`,
  refusedEntries: count => `제출물 중 받지 않은 것 (${count}개):`,
  belowLimit: (count, limit) => `${limit}%에 못 미치는 학생이 ${count}명이에요.`,
  noChange: '바뀌는 학생이 없어요.',
  columns: { student: '학생', state: '상태', points: '점수', final: '최종', before: '이전', after: '이후' },
  noResult: id => `이 채점에 ${id} 학생의 결과가 없어요.`,
  noCheck: id => `결과에 없는 확인이에요: ${id}.`,
  theChecksAre: ids => `확인 목록: ${ids}`,
  looks: '살펴본 것',
  levels: { live: '채점기가 직접 봄', recorded: '기록에서' },
  badFormat: (name, all) => `없는 형식이에요: ${name}. 쓸 수 있는 형식: ${all}`,
  wrote: (count, dir) => `${dir}에 파일 ${count}개를 썼어요`,
  ungradedLeftOut: ids => `아직 점수가 없어서 빠졌어요: ${ids}`,
  unknownLeftOut: ids =>
    `플랫폼이 알아볼 열(canvas_id, sis_user_id, sis_login_id, moodle_idnumber, username, email)이 명단에 없어서 빠졌어요: ${ids}`,
  badOverride: (field, value) =>
    `${field} = ${value} 값은 쓸 수 없어요. 쓸 수 있는 것: score, state(excused, held, released, clear), due와 submitted_at(2026-03-03T23:00:00+09:00처럼 시간대까지), 또는 점수를 줄 step/check.`,
  reasonNeeded: '--reason으로 이유를 적어 주세요. 바꾼 내용과 함께 남아요.',
  overridden: file => `${file}에 적었어요. 다시 살펴보지 않아요. 다음 보고서부터 반영돼요.`,
  badNumber: (option, least, most, value) => `${option}에는 ${least}부터 ${most}까지의 숫자를 쓰세요: ${value}`,
  labChangedSince: (run, command) =>
    `채점 ${run} 다음에 실습이 바뀌었어요. 한 채점에 두 버전을 섞지 않아요. class.yaml의 lab에 기준이 될 실습을 적은 다음, 새로 채점하거나 모은 것을 그 실습으로 다시 채점하세요: ${command}`,
  collectedNext: command => `모은 것으로 채점하려면: ${command}`,
  otherLab: (lab, collected) => `모아 둔 것은 ${collected} 실습의 것이라서 ${lab} 실습으로 채점할 수 없어요.`,
  evaluated: (id, from) => `채점 ${id}: ${from}에서 모은 것을 다시 채점했어요.`,
  interruptedEvaluation: command => `멈췄어요. 처음부터 다시 하려면: ${command}`,
  notTaken: {
    nobody: '명단의 누구 것인지 알 수 없어요',
    link: '링크예요',
    outside: '폴더 밖을 가리키는 이름이에요',
    encrypted: '암호가 걸려 있어요',
    'too-large': '너무 커요',
  },
  noCheckInLab: id => `실습에 없는 확인이에요: ${id}.`,
  onlyChosen: before =>
    `새 채점이라 고른 학생만 들어 있어요. 나머지 학생까지 있는 앞 채점에서 다시 보려면 뒤에 붙이세요: --run ${before}`,
  noneFits: path => `${path}에 맞는 파일이 하나도 없어요. class.yaml의 targets에서 path를, 명단에서 id를 확인하세요.`,
  tooManyPoints: (field, most) => `${field}에는 ${most}점까지 줄 수 있어요.`,
  badStudentId: id => `학생 id에는 영문, 숫자, 점, 밑줄, 붙임표만 써요: ${id}`,
  submitted: (file, size) => `${file} 파일을 만들었어요 (${size}). 이대로 제출하세요.`,
  submittedAs: (student, command) => `${particle(student, '으로/로')} 제출해요. 학번(id)이 다르면: ${command}`,
  submitHolds: looks =>
    `들어 있는 것: 확인에 필요한 컨테이너, 이미지, 파일, 열린 포트, 객체를 살펴본 결과 ${looks}개와 이 실습의 기록(단계, 확인, 시각). 직접 입력한 명령이나 키, 비밀번호는 들어 있지 않아요.`,
  submitNow: (passed, all) => `지금은 확인 ${all}개 중 ${passed}개를 통과해요.`,
  submitOpen: checks => `아직 안 된 것: ${checks}`,
  unreadableClass: file => `${file} 파일을 읽을 수 없어요. 읽을 권한이 있는지 확인하세요.`,
}
