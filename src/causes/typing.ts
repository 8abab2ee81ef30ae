import { nearest } from '../lab/near.ts'
import { code, onLatinKeys } from '../text/josa.ts'
import { type CommandOutcome, cause, type Situation } from './cause.ts'
import { type Oddity, oddity } from './line.ts'
import { failed, known, said } from './look.ts'
import { programs } from './shell.ts'

/** What goes wrong between the keyboard, the clipboard and the shell, before any program has a say. */

/** The command that failed, where this is what is odd about its line. */
function odd(situation: Situation, ...which: readonly Oddity[]): CommandOutcome | null {
  const command = failed(situation)
  const found = command && oddity(command.line)
  return found && which.includes(found) ? command : null
}

type OddLetters = { typed: string; kind: 'hangul' | 'wide' | 'blank'; meant?: string }

const oddLetters = cause<OddLetters>({
  code: 'shell.odd-letters',
  final: true,
  find(situation) {
    const command = odd(situation, 'letters', 'blank')
    if (!command) return null
    if (oddity(command.line) === 'blank') return { typed: command.line.trim(), kind: 'blank' }
    const typed = command.line.trim().split(/[\s;|&]/)[0]!
    if (command.exit !== 127) return null
    if (/[！-～]/.test(typed)) return { typed, kind: 'wide', meant: narrow(typed) }
    const latin = onLatinKeys(typed)
    const meant = programs.includes(latin) ? latin : nearest(latin, programs)
    return known({ typed, kind: 'hangul' as const, meant }) as OddLetters
  },
  message: {
    ko: ({ typed, kind }) =>
      ({
        hangul: `한글 입력 상태로 입력해서, 셸이 ${code(typed, '이라/라')}는 명령을 찾다가 못 찾았어요.`,
        wide: `${code(typed, '은/는')} 전각 문자라서, 셸이 아는 명령과 다른 글자예요.`,
        blank: '이 줄에는 보통 빈칸과 똑같이 보이지만 다른 문자인 특수한 빈칸이 섞여 있어요.',
      })[kind],
    en: ({ typed, kind }) =>
      ({
        hangul: `\`${typed}\` was typed with the Korean keyboard on, and there is no such command.`,
        wide: `\`${typed}\` is made of full-width letters, which are not those of a command.`,
        blank: 'This line has a special blank in it that looks like the usual one and is another character.',
      })[kind],
  },
  advice: {
    ko: ({ kind, meant }) =>
      ({
        hangul: `한/영 키를 눌러 영문으로 바꾸고 다시 입력하세요.${meant ? ` 같은 글쇠를 영문으로 치면 ${code(meant, '이에요/예요')}.` : ''}`,
        wide: `입력기를 반각으로 바꾸고 다시 입력하세요.${meant ? ` 반각으로는 ${code(meant, '이에요/예요')}.` : ''}`,
        blank: '웹 페이지나 메신저에서 복사하면 섞여 들어와요. 빈칸을 지우고 스페이스 키로 다시 입력하세요.',
      })[kind],
    en: ({ kind, meant }) =>
      ({
        hangul: `Switch the keyboard to English and type it again.${meant ? ` The same keys then give \`${meant}\`.` : ''}`,
        wide: `Switch the input method to half width and type it again.${meant ? ` In half width it is \`${meant}\`.` : ''}`,
        blank:
          'Text copied from web pages and messengers often has it. Delete the blanks and type them with the space bar.',
      })[kind],
  },
})

/** Full-width letters as the usual ones. */
function narrow(word: string): string {
  return word.replace(/[！-～]/g, letter => String.fromCharCode(letter.charCodeAt(0) - 0xfee0))
}

const curlyQuotes = cause<{ quote: string }>({
  code: 'shell.curly-quotes',
  final: true,
  find(situation) {
    const command = odd(situation, 'quotes')
    return command ? { quote: /[“”‘’]/.exec(command.line)![0] } : null
  },
  message: {
    ko: ({ quote }) => `둥근 따옴표 \`${quote}\`가 들어 있는데, 셸에는 따옴표가 아니라 그냥 글자예요.`,
    en: ({ quote }) => `There is a curly quote \`${quote}\` in the line; to the shell it is a letter, not a quote.`,
  },
  advice: {
    ko: () =>
      '워드나 메신저를 거친 글에서 자주 섞여 들어와요. 키보드의 곧은 따옴표(`"`나 `\'`)로 바꿔서 다시 입력하세요.',
    en: () =>
      'Word processors and messengers put them in. Replace them by the straight ones of the keyboard (`"` or `\'`).',
  },
})

const openQuote = cause<{ quote: string }>({
  code: 'shell.open-quote',
  final: true,
  find(situation) {
    const missed = /looking for matching [`'‘](["'`])['’]|unmatched (["'`])/.exec(said(situation))
    if (missed) return { quote: missed[1] ?? missed[2]! }
    const command = odd(situation, 'open')
    return command ? { quote: /["'](?=\s*$)/.exec(command.line)?.[0] ?? '"' } : null
  },
  message: {
    ko: ({ quote }) => `따옴표 \`${quote}\`가 그 줄에서 닫히지 않아, 셸이 다음 줄까지 이어서 읽었어요.`,
    en: ({ quote }) => `The quote \`${quote}\` was not closed on its line, so the shell went on reading the next one.`,
  },
  advice: {
    ko: () =>
      '프롬프트 대신 `>`가 보이면 셸이 아직 줄의 나머지를 기다리는 거예요. Ctrl+C로 그만두고, 따옴표를 짝이 맞게 해서 한 줄로 다시 입력하세요.',
    en: () =>
      'When `>` stands in the place of the prompt, the shell waits for the rest of a line. Leave it with Ctrl-C, and type the line again with both quotes.',
  },
})

const blankInAssignment = cause<{ name: string }>({
  code: 'shell.blank-in-assignment',
  final: true,
  find(situation) {
    const command = odd(situation, 'assignment')
    const name = command && /(\w+)(?: +=|= )/.exec(command.line)?.[1]
    return name ? { name } : null
  },
  message: {
    ko: ({ name }) => `변수 \`${name}\`의 \`=\` 앞이나 뒤에 빈칸이 있어서, 셸이 값을 정하는 줄로 읽지 못했어요.`,
    en: ({ name }) =>
      `There is a blank beside the \`=\` of \`${name}\`, so the shell did not take it for an assignment.`,
  },
  advice: {
    ko: () => '`이름=값`처럼 `=` 양쪽을 모두 붙여 쓰세요. 값에 빈칸이 있으면 값을 따옴표로 감싸요.',
    en: () => 'Write `NAME=value` without blanks around `=`. A value that has blanks in it goes into quotes.',
  },
})

const brokenLine = cause<{ option?: string }>({
  code: 'shell.broken-line',
  final: true,
  find(situation) {
    const command = odd(situation, 'broken')
    if (!command) return null
    if (/\\\s*$/.test(command.line)) return {}
    const option = /^\s*(--?\w[\w-]*)/.exec(command.line)?.[1]
    return option && command.exit === 127 ? { option } : null
  },
  message: {
    ko: ({ option }) =>
      option
        ? `줄이 옵션 \`${option}\`부터 시작해서, 셸이 그것을 명령으로 읽었어요.`
        : '줄 끝의 `\\` 뒤에 빈칸이 있어서, 다음 줄과 이어지지 않고 거기까지만 실행됐어요.',
    en: ({ option }) =>
      option
        ? `The line begins with the option \`${option}\`, which the shell took for a command.`
        : 'A blank follows the `\\` at the end of the line, so it was run as it is, without the next line.',
  },
  advice: {
    ko: () => '여러 줄에 나눠 쓰려면 `\\`가 그 줄의 맨 마지막 글자여야 해요. 한 줄로 이어 써도 돼요.',
    en: () =>
      'To go on in the next line, `\\` has to be the very last character. You can also write it all in one line.',
  },
})

type Folder = { folder: string; tool: string }

const isFolder = cause<Folder>({
  code: 'file.is-folder',
  final: true,
  find(situation) {
    const match =
      /(cp): -r not specified; omitting directory '(.+?)'/.exec(said(situation)) ??
      /(cp): (.+) is a directory \(not copied\)/.exec(said(situation)) ??
      /(rm): cannot remove '(.+)': Is a directory/.exec(said(situation)) ??
      /^(cat|grep|rm|sed): (?:couldn't edit )?(.+?): (?:Is a directory|is a directory|not a regular file)/m.exec(
        said(situation),
      )
    return match ? { tool: match[1]!, folder: match[2]! } : null
  },
  message: {
    ko: ({ folder, tool }) => `${code(folder, '은/는')} 폴더인데, 이렇게 쓴 ${code(tool, '은/는')} 파일만 다뤄요.`,
    en: ({ folder, tool }) => `\`${folder}\` is a folder; used like this, \`${tool}\` works on files only.`,
  },
  advice: {
    ko: ({ tool }) =>
      tool === 'cp'
        ? '폴더를 안에 든 것까지 통째로 복사하는 옵션을 `cp --help`에서 찾아보세요.'
        : tool === 'rm'
          ? '정말 지워도 되는 폴더인지 `ls`로 먼저 보세요. 폴더를 지우는 옵션은 `rm --help`에 있어요.'
          : '`ls`로 폴더 안에 무엇이 있는지 보고, 그 안의 파일 이름까지 쓰세요.',
    en: ({ tool }) =>
      tool === 'cp'
        ? 'Look in `cp --help` for the option that copies a folder with all that is in it.'
        : tool === 'rm'
          ? 'See with `ls` whether it may really go. The option that removes folders is in `rm --help`.'
          : 'See with `ls` what is in it, and name a file there.',
  },
})

type BadProcess = { given: string; kind: 'name' | 'gone' | 'none' }

const badProcess = cause<BadProcess>({
  code: 'shell.bad-process',
  final: true,
  find(situation) {
    const text = said(situation)
    const name = /kill: (?:illegal pid: )?(\S+?)(?:: arguments must be process or job IDs|$)/m.exec(text)?.[1]
    const gone = /kill: \((\d+)\) - No such process|kill (\d+) failed: no such process/.exec(text)
    if (gone) return { given: gone[1] ?? gone[2]!, kind: 'gone' }
    if (name && /arguments must be process|illegal pid/.test(text)) return { given: name, kind: 'name' }
    // What a file that is not there would have said is another matter.
    const none = /kill: usage:|kill:.*not enough arguments/.test(text) && !/No such file|no such file/.test(text)
    return none ? { given: 'kill', kind: 'none' } : null
  },
  message: {
    ko: ({ given, kind }) =>
      ({
        name: `\`kill\`에는 프로세스 번호(PID)가 필요한데 ${code(given, '은/는')} 번호가 아니에요.`,
        gone: `번호가 ${given}인 프로세스는 지금 없어요.`,
        none: '`kill` 뒤에 프로세스 번호(PID)가 없어요.',
      })[kind],
    en: ({ given, kind }) =>
      ({
        name: `\`kill\` takes the number of a process (PID), and \`${given}\` is none.`,
        gone: `There is no process ${given} now.`,
        none: '`kill` was not given the number of a process (PID).',
      })[kind],
  },
  advice: {
    ko: ({ kind }) =>
      kind === 'gone'
        ? '이미 끝났거나 다른 번호예요. `ps aux`의 출력에서 찾는 프로그램의 줄을 보면 둘째 칸에 번호가 있어요.'
        : '번호가 파일에 적혀 있다면 파일의 이름이 아니라 내용을 넘겨야 해요. `cat`으로 파일에 번호가 들어 있는지 먼저 보세요.',
    en: ({ kind }) =>
      kind === 'gone'
        ? 'It has ended already, or has another number: find the program in the output of `ps aux`, whose second column has the numbers.'
        : 'Where a file has the number, `kill` needs what is in the file, not its name. See with `cat` whether the number is in it.',
  },
})

export const typing = [oddLetters, curlyQuotes, openQuote, blankInAssignment, brokenLine, isFolder, badProcess]
