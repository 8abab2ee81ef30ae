import type { Text } from '../../lab/lab.ts'
import type { Evidence } from '../../lab/verdict.ts'
import { code } from '../../text/josa.ts'
import { admin, joinGroup, newLogin, page, type Repair, startEngine } from './repair.ts'
import { otherDocker } from './repairs-tools.ts'
import type { System } from './system.ts'

const startPage = 'https://docs.docker.com/engine/daemon/start/'
const groupPage = 'https://docs.docker.com/engine/install/linux-postinstall/'

/** `evidence`: socket and source of the problem. */
export function repairEngineDown(system: System, evidence: Evidence): Repair {
  const socket = String(evidence['socket'] ?? '')
  const own = socket === '' || /^\/(?:var\/)?run\/docker\.sock$/.test(socket)
  if (own) return startUsual(system)
  const starter = starterOfSocket(system, socket)
  if (starter) return { commands: [starter] }
  if (evidence['source'] === 'DOCKER_HOST') return { commands: [], note: unset('DOCKER_HOST') }
  return startUsual(system)
}

function startUsual(system: System): Repair {
  if (system.family === 'macos')
    return {
      commands: ['open -a Docker'],
      note: {
        ko: '메뉴 막대의 고래 그림이 멈추면 준비된 거예요. Colima를 쓴다면 대신 `colima start`를 실행하세요.',
        en: 'It is ready when the whale in the menu bar stands still. If you use Colima, run `colima start` instead.',
      },
    }
  const commands = startEngine(system)
  if (commands.length === 0) return { commands, note: explained(startPage) }
  return {
    commands,
    note: system.systemd
      ? {
          ko: '켜지지 않으면 `journalctl -u docker -n 50`에 이유가 있어요.',
          en: 'If it does not start, `journalctl -u docker -n 50` says why.',
        }
      : {
          ko: '켜지지 않으면 `/var/log/docker.log`에 이유가 있어요.',
          en: 'If it does not start, `/var/log/docker.log` says why.',
        },
  }
}

/** Engines that belong to a person rather than to the system. */
function starterOfSocket(system: System, socket: string): string | undefined {
  const mac = system.platform === 'darwin'
  if (/\/\.?colima\//.test(socket)) return 'colima start'
  if (socket.includes('/.rd/')) return mac ? 'open -a "Rancher Desktop"' : undefined
  if (socket.includes('/.orbstack/')) return 'open -a OrbStack'
  if (socket.includes('podman')) return mac ? 'podman machine start' : 'systemctl --user start podman.socket'
  if (socket.includes('/.docker/')) return mac ? 'open -a Docker' : 'systemctl --user start docker-desktop'
  if (/^\/run\/user\/\d+\/docker\.sock$/.test(socket)) return 'systemctl --user start docker'
  return undefined
}

function starterOfContext(system: System, context: string): string | undefined {
  const mac = system.platform === 'darwin'
  const user = system.systemd
  const colima = /^colima(?:-([\w-]+))?$/.exec(context)
  if (colima) return colima[1] ? `colima start ${colima[1]}` : 'colima start'
  if (context === 'desktop-linux' && mac) return 'open -a Docker'
  if (context === 'orbstack' && mac) return 'open -a OrbStack'
  if (context === 'rancher-desktop' && mac) return 'open -a "Rancher Desktop"'
  if (context === 'desktop-linux' && user) return 'systemctl --user start docker-desktop'
  if (context === 'rootless' && user) return 'systemctl --user start docker'
  return undefined
}

/** `evidence`: context, socket (empty: there is no such context) and source of the problem. */
export function repairContext(system: System, evidence: Evidence): Repair {
  const known = evidence['socket'] ? starterOfContext(system, String(evidence['context'] ?? '')) : undefined
  if (known) {
    return {
      commands: [known],
      note: {
        ko: '다른 엔진을 쓰려면 `docker context ls`로 목록을 보고 `docker context use default`로 바꾸세요.',
        en: 'To use another engine, see `docker context ls` and change with `docker context use default`.',
      },
    }
  }
  if (evidence['source'] === 'DOCKER_CONTEXT') return { commands: [], note: unset('DOCKER_CONTEXT') }
  return {
    commands: ['docker context use default'],
    note: {
      ko: '어떤 컨텍스트가 있는지는 `docker context ls`로 볼 수 있어요.',
      en: '`docker context ls` shows which contexts there are.',
    },
  }
}

/** Never by opening the socket to everybody: whoever may write to it is root. */
export function repairGroup(problem: string, system: System): Repair {
  if (system.platform !== 'linux')
    return {
      commands: [],
      note: {
        ko: 'Docker Desktop이나 Colima를 지금 사용자로 다시 켜 보세요.',
        en: 'Start Docker Desktop or Colima again, as the user that you are now.',
      },
    }
  if (system.root) return repairEngineError(problem, system)
  if (system.family === 'other' && !system.systemd) return { commands: [], note: explained(groupPage) }
  if (problem === 'engine.new-login') return { commands: [], needsNewLogin: true, note: newLogin(system) }
  return { ...joinGroup(system), note: newLogin(system) }
}

export function repairEngineError(problem: string, system: System): Repair {
  if (problem === 'engine.timeout' && system.platform === 'linux' && system.systemd)
    return {
      commands: [admin(system, 'systemctl restart docker')],
      note: {
        ko: '다시 시작하면 실행 중인 컨테이너가 멈춰요. 이미지를 받거나 빌드하는 중이라면 먼저 조금 기다려 보세요.',
        en: 'A restart stops the containers that run. While an image is pulled or built, wait a little first.',
      },
    }
  return {
    commands: [],
    note: {
      ko: '`docker info`가 무엇을 말하는지 보세요. Docker를 다시 시작하면 풀리는 경우가 많아요.',
      en: 'See what `docker info` says. Restarting Docker often helps.',
    },
  }
}

export function repairEngineAge(problem: string, system: System): Repair {
  if (problem !== 'engine.api-too-new') return system.family === 'other' ? page(installPage) : otherDocker(system)
  return {
    commands: [],
    note: {
      ko: '이 도구를 새 버전으로 올려 주세요.',
      en: 'Update this tool to a newer version.',
    },
  }
}

const installPage = 'https://docs.docker.com/engine/install/'

function unset(variable: string): Text {
  return {
    ko: `이 터미널에서 ${code(`unset ${variable}`, '을/를')} 실행하고, 셸 설정 파일(\`~/.bashrc\` 등)에 ${code(variable, '이/가')} 있으면 지우세요.`,
    en: `Run \`unset ${variable}\` in this terminal, and remove \`${variable}\` from your shell's settings (\`~/.bashrc\` or the like) if it is there.`,
  }
}

function explained(url: string): Text {
  return { ko: `방법은 ${url} 에 있어요.`, en: `This is explained at ${url}` }
}
