/** Asks twice, as a program of ours would, and says what it got and how it left the terminal. */
import { choose, confirm } from '../../src/terminal/prompt.ts'
import { lookOf } from '../../src/terminal/screen.ts'

const look = lookOf(process.env, process.stderr)
const options = [
  { value: 'run', label: '실행해 주세요', key: 'r' },
  { value: 'myself', label: '직접 입력할게요'.normalize('NFD'), hint: '셸이 열립니다', key: 'm' },
  { value: 'hint', label: '힌트', key: 'h' },
  { value: 'solve', label: '풀어 주세요', key: 's' },
  { value: 'skip', label: '건너뛰기', key: 'k' },
  { value: 'reset', label: '되돌리기' },
  { value: 'quit', label: '끝내기', key: 'q' },
]

const first = await choose('무엇을 할까요?', options, {}, look)
process.stdout.write(`first=${first} raw=${process.stdin.isRaw}\n`)
if (process.argv[2] === 'exit') {
  setImmediate(() => process.exit(0))
  void choose('나갑니다', options, {}, look)
} else if (first !== null) {
  const second = await confirm('정말요?', { yes: '예', no: '아니요', preferred: 'no' }, {}, look)
  process.stdout.write(`second=${second} raw=${process.stdin.isRaw}\n`)
}
