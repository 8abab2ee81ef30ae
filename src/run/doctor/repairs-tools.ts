import type { Text } from '../../lab/lab.ts'
import { fitOf } from '../../lab/version.ts'
import { admin, both, install, joinGroup, newLogin, page, type Repair, startEngine } from './repair.ts'
import type { System } from './system.ts'

/** What we install where no package has it. kubectl may differ from the cluster by one minor version at most. */
export const pinned = { kind: '0.27.0', kubectl: '1.32.4', node: '24' } as const

const pages: Readonly<Record<string, string>> = {
  docker: 'https://docs.docker.com/engine/install/',
  kind: 'https://kind.sigs.k8s.io/docs/user/quick-start/#installation',
  kubectl: 'https://kubernetes.io/docs/tasks/tools/',
  node: 'https://nodejs.org/en/download',
  npm: 'https://nodejs.org/en/download',
  npx: 'https://nodejs.org/en/download',
  git: 'https://git-scm.com/downloads',
  curl: 'https://curl.se/download.html',
}

/** Tools whose package is called like them. */
const packaged = ['git', 'curl', 'wget', 'jq', 'make', 'unzip', 'tree']

/** `want`: the range that the labs ask for. */
export function repairTool(code: string, tool: string, system: System, want: string): Repair | undefined {
  const url = pages[tool]
  const elsewhere = url === undefined ? undefined : page(url)
  if (system.family === 'other') return elsewhere
  switch (tool) {
    case 'docker':
      return code === 'tool.missing' ? installDocker(system) : otherDocker(system)
    case 'kind':
    case 'kubectl':
      return installBinary(tool, system, want) ?? elsewhere
    case 'node':
    case 'npm':
    case 'npx':
      return code === 'tool.too-new' ? elsewhere : withBrew(system, installNode(system))
  }
  if (!packaged.includes(tool) || code === 'tool.too-new') return elsewhere
  // curl itself would be in the way of curl-minimal, which every Amazon Linux has.
  const name = tool === 'curl' && system.family === 'amazon' ? 'curl-minimal' : tool
  if (code === 'tool.missing') return withBrew(system, { commands: install(system, name) })
  const dnf = system.family === 'amazon' || system.family === 'fedora'
  const commands = dnf ? [admin(system, `dnf upgrade -y ${name}`)] : install(system, name)
  return withBrew(system, { commands, ...(url === undefined ? {} : { note: stillTooOld(url) }) })
}

function installDocker(system: System): Repair {
  if (system.family === 'macos')
    return withBrew(system, {
      commands: ['brew install --cask docker-desktop', 'open -a Docker'],
      note: {
        ko: '처음 켤 때 Docker Desktop이 사용 조건에 동의해 달라고 해요. Docker Desktop 대신 Colima를 쓰려면 `brew install colima docker docker-buildx` 다음에 `colima start`를 실행하세요.',
        en: 'Docker Desktop asks you to accept its terms at the first start. To use Colima instead, run `brew install colima docker docker-buildx`, then `colima start`.',
      },
    })
  const group = joinGroup(system)
  const note = dockerNote(system)
  return {
    commands: [...dockerPackages(system), ...startEngine(system), ...group.commands],
    ...(group.needsNewLogin
      ? { needsNewLogin: true, note: note ? both(note, newLogin(system)) : newLogin(system) }
      : {}),
    ...(!group.needsNewLogin && note ? { note } : {}),
  }
}

function dockerPackages(system: System): string[] {
  if (system.family === 'amazon') return install(system, 'docker')
  if (system.family === 'fedora') {
    if (!system.like.includes('rhel'))
      return install(system, 'moby-engine', 'docker-cli', 'docker-buildx', 'docker-compose')
    // RHEL and what is made from it have Podman under the name of docker, so these come from Docker itself.
    const repo = `https://download.docker.com/linux/${system.like[0] === 'rhel' ? 'rhel' : 'centos'}/docker-ce.repo`
    return [
      admin(system, `curl -fsSL -o /etc/yum.repos.d/docker-ce.repo ${repo}`),
      ...install(
        system,
        'docker-ce',
        'docker-ce-cli',
        'containerd.io',
        'docker-buildx-plugin',
        'docker-compose-plugin',
      ),
    ]
  }
  if (system.like.includes('ubuntu')) return install(system, 'docker.io', 'docker-buildx', 'docker-compose-v2')
  return install(system, 'docker.io')
}

function dockerNote(system: System): Text | undefined {
  if (system.family === 'amazon')
    return {
      ko: 'Amazon Linux 패키지에는 `docker compose`가 없어요. 필요하면 Docker의 안내(https://docs.docker.com/compose/install/linux/)를 보세요.',
      en: 'The package of Amazon Linux has no `docker compose`. If you need it, Docker tells how to add it (https://docs.docker.com/compose/install/linux/).',
    }
  if (system.family === 'debian' && !system.like.includes('ubuntu'))
    return {
      ko: 'Debian의 `docker.io`에는 buildx와 compose가 없어요. Debian 13부터는 `docker-buildx`와 `docker-compose` 패키지로 더할 수 있고, Debian 12에서는 Docker의 패키지(https://docs.docker.com/engine/install/debian/)를 쓰세요.',
      en: "Debian's `docker.io` has neither buildx nor compose. From Debian 13 on the packages `docker-buildx` and `docker-compose` add them; on Debian 12 use Docker's own packages (https://docs.docker.com/engine/install/debian/).",
    }
  return undefined
}

/** Another version over the one that is there could remove an engine in use, so that is left to the person. */
export function otherDocker(system: System): Repair {
  if (system.family === 'macos')
    return {
      commands: [],
      note: {
        ko: 'Docker Desktop 메뉴의 "Check for updates"로 업데이트하세요. Colima를 쓴다면 `brew upgrade colima docker`를 실행하세요.',
        en: 'Update with "Check for updates" in the menu of Docker Desktop. With Colima, run `brew upgrade colima docker`.',
      },
    }
  if (system.family === 'amazon')
    return { commands: [admin(system, 'dnf upgrade -y docker')], note: stillTooOld(pages['docker']!) }
  return {
    commands: [],
    note: {
      ko: `Docker를 바꾸면 실행 중인 컨테이너가 멈추니 직접 하는 편이 좋아요. ${pages['docker']} 를 보세요.`,
      en: `Another version of Docker stops the containers that run, so this is better done by you: ${pages['docker']}`,
    },
  }
}

function installBinary(tool: 'kind' | 'kubectl', system: System, want: string): Repair | undefined {
  if (system.family === 'macos') return withBrew(system, { commands: [`brew install ${tool}`] })
  const version = pinned[tool]
  // Several labs may want different versions; then one for all is for the person to find.
  if (system.arch === 'other' || want.split(', ').some(range => fitOf(version, range) !== 'fits')) return undefined
  const url =
    tool === 'kind'
      ? `https://kind.sigs.k8s.io/dl/v${version}/kind-linux-${system.arch}`
      : `https://dl.k8s.io/release/v${version}/bin/linux/${system.arch}/kubectl`
  return {
    commands: [
      admin(system, `curl -fsSL -o /usr/local/bin/${tool} ${url}`),
      admin(system, `chmod 0755 /usr/local/bin/${tool}`),
    ],
  }
}

function installNode(system: System): Repair {
  if (system.family === 'macos') return { commands: install(system, 'node') }
  if (system.family === 'amazon') {
    const name = `nodejs${pinned.node}`
    return {
      commands: [
        ...install(system, name, `${name}-npm`),
        admin(system, `alternatives --set node /usr/bin/node-${pinned.node}`),
      ],
      note: {
        ko: `\`${name}\` 패키지를 찾지 못하면 먼저 \`${admin(system, 'dnf upgrade --releasever=latest')}\`로 Amazon Linux를 최신으로 올리세요.`,
        en: `If \`${name}\` is not found, bring Amazon Linux up to date first: \`${admin(system, 'dnf upgrade --releasever=latest')}\`.`,
      },
    }
  }
  if (system.family === 'fedora' && !system.like.includes('rhel')) return { commands: install(system, 'nodejs', 'npm') }
  const kind = system.family === 'debian' ? 'deb' : 'rpm'
  const shell = system.root ? 'bash -' : 'sudo -E bash -'
  return {
    commands: [
      ...(kind === 'deb' ? install(system, 'ca-certificates', 'curl') : []),
      `curl -fsSL https://${kind}.nodesource.com/setup_${pinned.node}.x | ${shell}`,
      kind === 'deb' ? admin(system, 'apt-get install -y nodejs') : admin(system, 'dnf install -y nodejs'),
    ],
    note: {
      ko: `배포판의 Node.js는 오래된 경우가 많아서 NodeSource의 Node.js ${pinned.node}를 설치해요. nvm을 쓴다면 대신 \`nvm install ${pinned.node}\`를 실행하세요.`,
      en: `The distribution's Node.js is often too old, so this installs Node.js ${pinned.node} from NodeSource. If you use nvm, run \`nvm install ${pinned.node}\` instead.`,
    },
  }
}

function stillTooOld(url: string): Text {
  return {
    ko: `그래도 버전이 모자라면 공식 안내(${url})를 보세요.`,
    en: `If the version is still too old, the official page tells more (${url}).`,
  }
}

function withBrew(system: System, repair: Repair): Repair {
  if (system.family !== 'macos') return repair
  const brew = {
    ko: '`brew`가 없다면 먼저 https://brew.sh 에서 Homebrew를 설치하세요.',
    en: 'Without `brew`, install Homebrew first: https://brew.sh',
  }
  return { ...repair, note: repair.note ? both(repair.note, brew) : brew }
}
