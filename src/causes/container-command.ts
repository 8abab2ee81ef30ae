import { code } from '../text/josa.ts'
import { cause } from './cause.ts'
import { concerned, missingModule, refusal, withFate } from './containers.ts'
import { values } from './line.ts'
import { dockerCall, known, said } from './look.ts'

/** What a container was told to run and could not. */

const moduleMissing = cause<{ container: string; module: string }>({
  code: 'container.module-missing',
  final: true,
  find(situation) {
    const found = withFate(situation, 'module-missing')
    if (found) return { container: found.container.name, module: missingModule(found.lines) ?? '' }
    // A foreground `docker run --rm` leaves no container to look at: then its output tells.
    const call = dockerCall(situation, 'run')
    const module = call && !concerned(situation) ? missingModule(said(situation).split('\n')) : undefined
    return call && module ? { container: values(call, 'name')[0] ?? call.args[0] ?? '', module } : null
  },
  message: {
    ko: ({ container, module }) =>
      `\`${container}\` 컨테이너 안에서 Node.js가 ${code(module, '을/를')} 찾지 못하고 끝났어요.`,
    en: ({ container, module }) => `In the container \`${container}\` Node.js did not find \`${module}\` and ended.`,
  },
  advice: {
    ko: ({ module }) =>
      /^[./]/.test(module)
        ? 'Dockerfile의 WORKDIR, COPY, CMD에 쓴 경로가 서로 맞는지 보세요. 이미지에 무엇이 들었는지는 `docker run --rm 이미지 ls`로 볼 수 있어요.'
        : '이미지 안에 그 패키지가 설치되어 있지 않아요. package.json의 dependencies와, Dockerfile에서 패키지를 설치하는 RUN이 COPY 뒤에 있는지 보세요.',
    en: ({ module }) =>
      /^[./]/.test(module)
        ? "See whether the paths in the Dockerfile's WORKDIR, COPY and CMD fit together. `docker run --rm IMAGE ls` shows what is in the image."
        : 'That package is not installed in the image. Look at dependencies in package.json, and whether the RUN that installs them comes after COPY.',
  },
})

const commandNotInImage = cause<{ command: string; container?: string; why: 'missing' | 'not-executable' }>({
  code: 'command.not-in-image',
  final: true,
  find(situation) {
    const found = withFate(situation, 'command-refused')
    const text = found ? found.container.error : said(situation)
    if (refusal(text) !== 'command') return null
    const command = /exec: "?([^":\s]+)/.exec(text)?.[1] ?? ''
    const why = /permission denied|is a directory/.test(text) ? ('not-executable' as const) : ('missing' as const)
    return known({ command, container: found?.container.name, why }) as { command: string; why: typeof why }
  },
  message: {
    ko: ({ command, why }) =>
      command.startsWith('-')
        ? `\`${command}\` 옵션을 이미지 이름 뒤에 써서 Docker가 컨테이너 안의 명령으로 알았어요.`
        : why === 'missing'
          ? `컨테이너 안에 ${code(command, '이라/라')}는 명령이 없어요.`
          : `컨테이너 안의 ${code(command, '은/는')} 실행할 수 있는 파일이 아니에요.`,
    en: ({ command, why }) =>
      command.startsWith('-')
        ? `The option \`${command}\` came after the image name, so Docker took it for a command to run in the container.`
        : why === 'missing'
          ? `There is no command \`${command}\` in the container.`
          : `\`${command}\` in the container is not a file that can be executed.`,
  },
  advice: {
    ko: ({ command, why }) =>
      (command.startsWith('-')
        ? '`docker run` 옵션은 모두 이미지 이름 앞에 쓰세요. '
        : why === 'missing'
          ? '이미지마다 들어 있는 명령이 달라요. 예를 들어 alpine 계열에는 bash가 없고 sh만 있어요. '
          : '폴더이거나 실행 권한(x)이 없는 파일이에요. `ls -l`로 권한을 보세요. ') +
      '실패한 `docker run`이 남긴 컨테이너는 `docker ps -a`로 찾아 지우세요.',
    en: ({ command, why }) =>
      (command.startsWith('-')
        ? 'Write all options of `docker run` before the image name. '
        : why === 'missing'
          ? 'Each image has its own set of commands; those based on alpine have sh but no bash. '
          : 'It is a folder, or a file without the right to be executed (x): see `ls -l`. ') +
      'A failed `docker run` leaves a container behind: find it with `docker ps -a` and remove it.',
  },
})

export const containerCommand = [moduleMissing, commandNotInImage]
