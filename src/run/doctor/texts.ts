import type { Text } from '../../lab/lab.ts'
import type { Evidence } from '../../lab/verdict.ts'
import { code } from '../../text/josa.ts'

/** One sentence for every code of a finding. `evidence` is what the sentence speaks of. */
export function findingText(finding: string, evidence: Evidence): Text {
  const text = (texts[finding] ?? unknown)(evidence)
  return { ko: text.ko.trim(), en: text.en.trim() }
}

const texts: Readonly<Record<string, (evidence: Evidence) => Text>> = {
  'tool.ready': ({ tool = '', have }) => ({
    ko: `${code(tool, '이/가')} 설치되어 있어요${inside(have)}.`,
    en: `\`${tool}\` is installed${inside(have)}.`,
  }),
  'tool.version-unknown': ({ tool = '', want }) => ({
    ko: `${code(tool, '은/는')} 설치되어 있지만 버전을 읽지 못했어요. 필요한 버전: ${want}`,
    en: `\`${tool}\` is installed, but its version could not be read. Needed: ${want}`,
  }),
  'tool.missing': ({ tool = '' }) => ({
    ko: `${code(tool, '을/를')} 찾을 수 없어요. 설치되어 있지 않거나 PATH에 없어요.`,
    en: `\`${tool}\` was not found: it is not installed, or not on the PATH.`,
  }),
  'tool.too-old': ({ tool, have, want }) => ({
    ko: `설치된 \`${tool}\` 버전(${have})이 너무 오래됐어요. 필요한 버전: ${want}`,
    en: `\`${tool}\` ${have} is too old. Needed: ${want}`,
  }),
  'tool.too-new': ({ tool, have, want }) => ({
    ko: `설치된 \`${tool}\` 버전(${have})이 실습에 맞는 버전보다 새로워요. 필요한 버전: ${want}`,
    en: `\`${tool}\` ${have} is newer than the labs were made for. Needed: ${want}`,
  }),
  'tool.unknown': ({ tool = '' }) => ({
    ko: `${code(tool, '이/가')} 설치되어 있는지 알아보지 못했어요.`,
    en: `Could not find out whether \`${tool}\` is installed.`,
  }),

  'engine.ready': ({ have }) => ({
    ko: `Docker 엔진이 응답해요${inside(have)}.`,
    en: `The Docker engine answers${inside(have)}.`,
  }),
  'engine.down': ({ socket, source }) =>
    source === 'DOCKER_HOST'
      ? {
          ko: `\`DOCKER_HOST\`가 가리키는 Docker 엔진(${socket})이 응답하지 않아요.`,
          en: `The Docker engine that \`DOCKER_HOST\` names (${socket}) does not answer.`,
        }
      : {
          ko: `Docker 엔진이 응답하지 않아요. 꺼져 있는 것 같아요${inside(socket)}.`,
          en: `The Docker engine does not answer; it is probably not running${inside(socket)}.`,
        },
  'engine.permission': ({ user }) => ({
    ko: `Docker 엔진은 켜져 있지만${user ? ` \`${user}\` 사용자에게` : ''} 접근 권한이 없어요.`,
    en: `The Docker engine is there, but ${user ? `the user \`${user}\`` : 'you'} may not use it.`,
  }),
  'engine.new-login': ({ user }) => ({
    ko: `\`${user}\` 사용자는 이미 \`docker\` 그룹에 있지만, 지금 세션은 그 전에 시작돼서 아직 권한이 없어요.`,
    en: `The user \`${user}\` is in the group \`docker\` already, but this session began before that and may not use Docker yet.`,
  }),
  'engine.wrong-context': ({ context = '', socket }) =>
    socket
      ? {
          ko: `지금 선택된 Docker 컨텍스트 \`${context}\`의 엔진(${socket})이 응답하지 않아요.`,
          en: `The engine of the Docker context that is in use, \`${context}\` (${socket}), does not answer.`,
        }
      : {
          ko: `지금 선택된 Docker 컨텍스트 ${code(context, '은/는')} 없는 컨텍스트예요.`,
          en: `The Docker context that is in use, \`${context}\`, does not exist.`,
        },
  'engine.timeout': ({ seconds }) => ({
    ko: `Docker 엔진이 ${seconds}초 안에 대답하지 않았어요.`,
    en: `The Docker engine did not answer within ${seconds} s.`,
  }),
  'engine.error': ({ message }) => ({
    ko: `Docker 엔진과 이야기하지 못했어요: ${message}`,
    en: `Could not talk to the Docker engine: ${message}`,
  }),
  'engine.too-old': ({ have, want }) => ({
    ko: `Docker 엔진 버전(${have})이 너무 오래됐어요. 필요한 버전: ${want}`,
    en: `The Docker engine ${have} is too old. Needed: ${want}`,
  }),
  'engine.too-new': ({ have, want }) => ({
    ko: `Docker 엔진 버전(${have})이 실습에 맞는 버전보다 새로워요. 필요한 버전: ${want}`,
    en: `The Docker engine ${have} is newer than the labs were made for. Needed: ${want}`,
  }),
  'engine.api-too-old': ({ ours, theirs }) => ({
    ko: `Docker 엔진이 너무 오래됐어요. 엔진의 API는 ${theirs}인데 ${ours} 이상이 필요해요.`,
    en: `The Docker engine is too old: its API is ${theirs}, and at least ${ours} is needed.`,
  }),
  'engine.api-too-new': ({ ours, theirs }) => ({
    ko: `이 도구가 Docker 엔진에 비해 너무 오래됐어요. 도구의 API는 ${ours}인데 엔진은 ${theirs} 이상만 받아요.`,
    en: `This tool is too old for the Docker engine: it speaks API ${ours}, the engine takes ${theirs} and up.`,
  }),

  'port.free': ({ port }) => ({ ko: `${port}번 포트가 비어 있어요.`, en: `Port ${port} is free.` }),
  'port.taken-by-container': ({ port, container }) => ({
    ko: `${port}번 포트를 ${container ? `\`${container}\` 컨테이너가` : '다른 컨테이너가'} 쓰고 있어요.`,
    en: `Port ${port} is used by ${container ? `the container \`${container}\`` : 'a container'}.`,
  }),
  'port.taken-by-process': ({ port, process, pid }) => ({
    ko: `${port}번 포트를 ${process ? `\`${process}\`` : '어떤'} 프로세스${pid ? `(PID ${pid})` : ''}가 쓰고 있어요.`,
    en: `Port ${port} is used by ${process ? `the process \`${process}\`` : 'a process'}${pid ? ` (PID ${pid})` : ''}.`,
  }),
  'port.taken': ({ port }) => ({
    ko: `${port}번 포트를 다른 프로그램이 쓰고 있어요. 어떤 프로그램인지는 알 수 없었어요.`,
    en: `Port ${port} is used by some program; the system does not tell which.`,
  }),
  'port.unknown': ({ port }) => ({
    ko: `${port}번 포트가 비어 있는지 알아보지 못했어요.`,
    en: `Could not find out whether port ${port} is free.`,
  }),

  'disk.enough': ({ have, want }) => ({
    ko: `디스크 공간이 충분해요 (남은 공간 ${have}, 필요한 공간 ${want}).`,
    en: `There is enough disk space (${have} free, ${want} needed).`,
  }),
  'disk.low': ({ have, want, path }) => ({
    ko: `디스크 공간이 모자라요. \`${path}\`에 ${have} 남았는데 ${want}가 필요해요.`,
    en: `There is not enough disk space: ${have} free at \`${path}\`, ${want} needed.`,
  }),

  'images.here': ({ count }) => ({
    ko: `실습에 쓰는 이미지를 모두 받아 뒀어요 (${count}개).`,
    en: count === 1 ? 'The image that the labs use is here.' : `All ${count} images that the labs use are here.`,
  }),
  'images.to-pull': ({ count, images }) => ({
    ko: `아직 받지 않은 이미지가 ${count}개 있어요(${images}). 실습하면서 받게 되고, \`lab prefetch\`로 미리 받아 둘 수도 있어요.`,
    en: `${count === 1 ? '1 image is' : `${count} images are`} not here yet (${images}). The labs pull what they need; \`lab prefetch\` does it beforehand.`,
  }),
}

/** Only engines have troubles that are named elsewhere. */
function unknown({ problem }: Evidence): Text {
  return {
    ko: `Docker 엔진을 살펴보지 못했어요${inside(problem)}.`,
    en: `Could not look at the Docker engine${inside(problem)}.`,
  }
}

function inside(detail: string | number | undefined): string {
  return detail === undefined || detail === '' ? '' : ` (${detail})`
}
