import { code } from '../text/josa.ts'
import { cause, type Situation } from './cause.ts'

/** What kubectl and kind, which are built alike, say when they are called wrongly. */

type Command = { command: string; near?: string }

export function unknownCommand(tool: string, find: (situation: Situation) => Command | null) {
  return cause<Command>({
    code: `${tool}.unknown-command`,
    final: true,
    find,
    message: {
      ko: ({ command }) => `${tool}에는 ${code(command, '이라/라')}는 명령이 없어요.`,
      en: ({ command }) => `${tool} has no command \`${command}\`.`,
    },
    advice: {
      ko: ({ near }) =>
        near
          ? `혹시 ${code(`${tool} ${near}`, '을/를')} 쓰려던 건가요?`
          : `\`${tool} --help\`에서 명령 목록을 볼 수 있어요.`,
      en: ({ near }) => (near ? `Did you mean \`${tool} ${near}\`?` : `\`${tool} --help\` lists its commands.`),
    },
  })
}

type Flag = { flag: string; command: string; near?: string }

export function unknownFlag(tool: string, find: (situation: Situation) => Flag | null) {
  return cause<Flag>({
    code: `${tool}.unknown-flag`,
    final: true,
    find,
    message: {
      ko: ({ flag, command }) => `\`${tool} ${command}\`에는 ${code(flag, '이라/라')}는 옵션이 없어요.`,
      en: ({ flag, command }) => `\`${tool} ${command}\` has no option \`${flag}\`.`,
    },
    advice: {
      ko: ({ near, command }) =>
        `${near ? `혹시 ${code(near, '을/를')} 쓰려던 건가요? ` : ''}\`${tool} ${command} --help\`에서 옵션 이름을 찾아보세요. 긴 옵션은 \`--\`, 한 글자 옵션은 \`-\`로 시작해요.`,
      en: ({ near, command }) =>
        `${near ? `Did you mean \`${near}\`? ` : ''}Look the option up in \`${tool} ${command} --help\`. Long options begin with \`--\`, those of one letter with \`-\`.`,
    },
  })
}

/** The option that cobra, which both are built with, did not know. */
export function flagIn(text: string): string | undefined {
  return /unknown (?:shorthand )?flag: (?:'\w+' in )?([^\s=]+)/.exec(text)?.[1]
}
