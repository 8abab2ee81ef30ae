import { code } from '../text/josa.ts'
import { jsonList } from './build-file.ts'
import { badFormat, failedRun } from './build-run.ts'
import { cause, type Situation } from './cause.ts'
import { brokenList, concerned, missingModule, refusal, withFate } from './containers.ts'
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
    // A pod of a cluster was meant.
    if (refusal(text) !== 'command' || /failed to exec in container/.test(text)) return null
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

type Unstartable = { file: string; why: 'format' | 'interpreter'; build?: number }

/** By the log of the container, by what `docker run --rm` printed, or by a RUN of a build. */
function unstartable(situation: Situation): Unstartable | null {
  const run = failedRun(situation)
  const found = withFate(situation, 'bad-format')
  const call = dockerCall(situation, 'run')
  const text = found ? found.lines.join('\n') : call && !concerned(situation) ? said(situation) : ''
  const [, file, error] = run?.why === 'format' ? ['', run.file, run.error] : (badFormat.exec(text) ?? [])
  if (!file) return null
  const why = error === 'exec format error' ? ('format' as const) : ('interpreter' as const)
  return { file, why, ...known({ build: run ? 1 : undefined }) }
}

const badStartFile = cause<Unstartable>({
  code: 'command.bad-format',
  final: true,
  find: unstartable,
  message: {
    ko: ({ file, why, build }) =>
      `${build ? '빌드하는 동안' : '컨테이너에서'} ${code(file, '을/를')} 실행하지 못했어요: ${
        why === 'format'
          ? '이 컴퓨터의 CPU용이 아니거나 첫 줄에 `#!`이 없는 파일이에요'
          : '파일은 있지만 첫 줄의 `#!`이 가리키는 프로그램이 없어요'
      }.`,
    en: ({ file, why, build }) =>
      `\`${file}\` could not be started in the ${build ? 'build' : 'container'}: ${
        why === 'format'
          ? 'it is made for another CPU, or its first line lacks `#!`'
          : 'the file is there, but not the program that its first line names after `#!`'
      }.`,
  },
  advice: {
    ko: ({ file, why }) =>
      why === 'interpreter'
        ? `Windows에서 만든 파일이면 줄 끝의 CR 때문일 때가 많아요. \`head -1 파일 | cat -A\`에 \`^M\`이 보이면 편집기에서 줄 끝을 LF로 바꾸고 다시 빌드하세요.`
        : isScript(file)
          ? '스크립트라면 첫 줄에 `#!/bin/sh`처럼 무엇으로 실행할지 써야 해요. `head -1 파일`로 첫 줄을 보세요.'
          : '`uname -m`과 `docker image inspect 이미지`의 Architecture를 견주어 보세요(x86_64는 amd64, aarch64는 arm64예요). 다르면 이 컴퓨터에 맞는 이미지를 받거나 `--platform`을 맞춰 다시 빌드해야 해요.',
    en: ({ file, why }) =>
      why === 'interpreter'
        ? 'In files made on Windows it is often the CR at the end of the line. If `head -1 FILE | cat -A` shows `^M`, change the line ends to LF in the editor and build again.'
        : isScript(file)
          ? 'A script says in its first line what runs it, as in `#!/bin/sh`. Look at that line with `head -1 FILE`.'
          : 'Compare `uname -m` with Architecture in `docker image inspect IMAGE` (x86_64 is amd64, aarch64 is arm64). If they differ, get the image for this machine, or build again with the right `--platform`.',
  },
})

function isScript(file: string): boolean {
  return /\.\w+$|entrypoint|start/i.test(file)
}

const shellSaysSo = /\/bin\/sh: (?:\d+: )?(?:\[\S+: not found|[Ss]yntax error: [Uu]nterminated quoted string)/

const brokenCmd = cause<{ container: string; list?: string }>({
  code: 'container.list-not-json',
  final: true,
  find(situation) {
    const found = withFate(situation, 'list-not-json')
    if (found)
      return known({ container: found.container.name, list: brokenList(found.container) }) as { container: string }
    const call = dockerCall(situation, 'run')
    if (!call || call.rest.length > 0 || concerned(situation) || !shellSaysSo.test(said(situation))) return null
    return { container: values(call, 'name')[0] ?? call.args[0] ?? '' }
  },
  message: {
    ko: ({ container }) =>
      `\`${container}\` 컨테이너는 CMD의 대괄호 목록이 올바른 JSON이 아니어서, 그 줄을 셸 명령으로 실행하다가 끝났어요.`,
    en: ({ container }) =>
      `The container \`${container}\` ended because the list in brackets after CMD is not valid JSON and a shell tried to run it.`,
  },
  advice: {
    ko: ({ list }) =>
      `${list ? `이미지에는 ${code(list, '이라/라')}고 들어 있어요. ` : ''}${jsonList.ko} 고친 뒤에는 다시 빌드해야 해요.`,
    en: ({ list }) => `${list ? `In the image it reads \`${list}\`. ` : ''}${jsonList.en} Build again after that.`,
  },
})

export const containerCommand = [moduleMissing, commandNotInImage, badStartFile, brokenCmd]
