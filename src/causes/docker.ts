import { nearest } from '../lab/near.ts'
import { code } from '../text/josa.ts'
import { cause, type Situation } from './cause.ts'
import type { DockerCall } from './line.ts'
import { values } from './line.ts'
import { dockerCall, known, said } from './look.ts'

/** How the docker command itself was written. */

const verbs = (
  'attach build builder buildx checkpoint commit compose config container context cp create diff events exec export ' +
  'help history image images import info init inspect kill load login logout logs manifest network node pause plugin ' +
  'port ps pull push remove rename restart rm rmi run save search secret service stack start stats stop swarm system tag top ' +
  'trust unpause update version volume wait'
).split(' ')

/** What people say for it. */
const synonyms: Readonly<Record<string, string>> = { delete: 'rm', list: 'ps', ls: 'ps', shell: 'exec' }

/** Typed after `docker`, and no command of it. */
function unknownVerb(call: DockerCall): boolean {
  return call.first !== '' && !call.first.startsWith('-') && !verbs.includes(call.first)
}

const unknownCommand = cause<{ command: string; near?: string }>({
  code: 'docker.unknown-command',
  final: true,
  find(situation) {
    const call = dockerCall(situation)
    const text = said(situation)
    if (!call || !unknownVerb(call) || unreadableConfig(situation)) return null
    if (!/unknown command|is not a docker command|unknown (?:shorthand )?flag/.test(text)) return null
    return known({ command: call.first, near: synonyms[call.first] ?? nearest(call.first, verbs) }) as {
      command: string
    }
  },
  message: {
    ko: ({ command }) => `docker에는 ${code(command, '이라/라')}는 명령이 없어요.`,
    en: ({ command }) => `docker has no command \`${command}\`.`,
  },
  advice: {
    ko: ({ near }) =>
      near ? `혹시 ${code(`docker ${near}`, '을/를')} 쓰려던 건가요?` : '`docker --help`에서 명령 목록을 볼 수 있어요.',
    en: ({ near }) => (near ? `Did you mean \`docker ${near}\`?` : '`docker --help` lists its commands.'),
  },
})

const unknownFlag = cause<{ flag: string; command: string }>({
  code: 'docker.unknown-flag',
  final: true,
  find(situation) {
    const call = dockerCall(situation)
    const flag = /unknown (?:shorthand )?flag: (?:'\w+' in )?(\S+)/.exec(said(situation))?.[1]
    if (
      !call ||
      !flag ||
      unknownVerb(call) ||
      unreadableConfig(situation) ||
      ['compose', 'buildx'].includes(call.first)
    )
      return null
    return { flag, command: call.verb }
  },
  message: {
    ko: ({ flag, command }) => `\`docker ${command}\`에는 ${code(flag, '이라/라')}는 옵션이 없어요.`,
    en: ({ flag, command }) => `\`docker ${command}\` has no option \`${flag}\`.`,
  },
  advice: {
    ko: ({ command }) =>
      `\`docker ${command} --help\`에서 옵션 이름을 찾아보세요. 긴 옵션은 \`--\`, 한 글자 옵션은 \`-\`로 시작해요.`,
    en: ({ command }) =>
      `Look the option up in \`docker ${command} --help\`. Long options begin with \`--\`, those of one letter with \`-\`.`,
  },
})

const wanting = /["']docker(?: [\w-]+)+["'] requires (?:at least |exactly )?(?:\d+|one) arguments?/

const missingArgument = cause<{ command: string; given: number }>({
  code: 'docker.missing-argument',
  final: true,
  find(situation) {
    const call = dockerCall(situation)
    if (!call || !wanting.test(said(situation)) || forgotContext(situation) || blankInTag(situation)) return null
    return { command: call.verb, given: call.args.length }
  },
  message: {
    ko: ({ command, given }) =>
      given === 0
        ? `\`docker ${command}\` 뒤에 대상(이미지나 컨테이너의 이름)이 빠졌어요.`
        : `\`docker ${command}\` 뒤에 쓴 이름의 개수가 맞지 않아요.`,
    en: ({ command, given }) =>
      given === 0
        ? `\`docker ${command}\` lacks the name of the image or container that it is about.`
        : `\`docker ${command}\` was given the wrong number of names.`,
  },
  advice: {
    ko: ({ command }) =>
      `\`docker ${command} --help\`의 Usage 줄에서 무엇을 어떤 순서로 쓰는지 보세요.${command === 'run' ? ' 이미지 이름은 옵션 뒤에 와요.' : ''}`,
    en: ({ command }) =>
      `The line Usage of \`docker ${command} --help\` shows what it takes and in which order.${command === 'run' ? ' The name of the image comes after the options.' : ''}`,
  },
})

/** `docker build -t todo` without the folder at its end. */
export function forgotContext(situation: Situation): boolean {
  const call = dockerCall(situation, 'build')
  return call !== null && wanting.test(said(situation)) && call.args.length === 0
}

/** `docker build -t my app .`: the blank makes two arguments of it. */
export function blankInTag(situation: Situation): boolean {
  const call = dockerCall(situation, 'build')
  if (!call || !wanting.test(said(situation))) return false
  return call.args.length > 1 && values(call, 't', 'tag').length > 0
}

/** The folder of docker's settings, where that is why the command failed: plugins such as buildx are looked up there. */
export function unreadableConfig(situation: Situation): string | undefined {
  const text = said(situation)
  const file = /Error loading config file: (?:open )?(\S*config\.json): .*permission denied/.exec(text)?.[1]
  const consequence =
    /mkdir \S*\.docker\S*: permission denied|Error saving credentials|unknown (?:shorthand )?flag|unknown command: docker |is not a docker command/
  return file && consequence.test(text) ? file.replace(/\/config\.json$/, '') : undefined
}

const configUnreadable = cause<{ folder: string }>({
  code: 'docker.config-unreadable',
  final: true,
  find(situation) {
    const folder = unreadableConfig(situation)
    return folder ? { folder } : null
  },
  message: {
    ko: ({ folder }) => `docker의 설정 폴더 ${code(folder, '을/를')} 지금 사용자가 읽거나 쓸 수 없어요.`,
    en: ({ folder }) => `You may not read or write \`${folder}\`, the folder of docker's settings.`,
  },
  advice: {
    ko: ({ folder }) =>
      `전에 \`sudo docker\`를 써서 root의 폴더가 되었을 때 자주 나와요. ${code(`ls -ld ${folder}`, '으로/로')} 누구의 것인지 보고, \`sudo chown -R $USER ${folder}\`로 되찾으세요.`,
    en: ({ folder }) =>
      `This is common after \`sudo docker\`, which leaves the folder to root. See whose it is with \`ls -ld ${folder}\`, and take it back with \`sudo chown -R $USER ${folder}\`.`,
  },
})

const noTerminal = cause<{ command: string }>({
  code: 'docker.no-terminal',
  final: true,
  find(situation) {
    const text = said(situation)
    const wanted = /the input device is not a TTY|cannot attach stdin to a TTY-enabled container/i.test(text)
    return wanted ? { command: dockerCall(situation)?.verb ?? 'run' } : null
  },
  message: {
    ko: ({ command }) =>
      `\`docker ${command}\`에 쓴 \`-t\` 옵션은 터미널이 있어야 하는데, 여기서는 터미널 없이 실행됐어요.`,
    en: ({ command }) => `\`-t\` of \`docker ${command}\` needs a terminal, but the command ran without one.`,
  },
  advice: {
    ko: () =>
      '스크립트나 파이프(`|`, `<`)에서는 `-t` 없이 `-i`만 쓰세요. 직접 입력할 셸이 필요하면 명령만 터미널에 따로 입력하세요.',
    en: () =>
      'In scripts and with pipes (`|`, `<`) use `-i` without `-t`. For a shell to type into, enter the command by itself in a terminal.',
  },
})

export const docker = [unknownCommand, unknownFlag, missingArgument, configUnreadable, noTerminal]
