import { expect, test } from 'vitest'
import type { Evidence } from '../../../src/lab/verdict.ts'
import { type Repair, repairFor } from '../../../src/run/doctor/repairs.ts'
import { systemOf } from '../../../src/run/doctor/system.ts'
import { learner, systems } from './systems.ts'

type Name = keyof typeof systems

const socket = '/var/run/docker.sock'

test.each<[string, string, Name, Evidence, string[]]>([
  ['tool.missing', 'git', 'debian', {}, ['sudo apt-get update', 'sudo apt-get install -y git']],
  ['tool.missing', 'git', 'debian as root', {}, ['apt-get update', 'apt-get install -y git']],
  ['tool.missing', 'git', 'amazon', {}, ['sudo dnf install -y git']],
  ['tool.missing', 'git', 'macos', {}, ['brew install git']],
  ['tool.too-old', 'git', 'fedora', { want: '>=2.40' }, ['sudo dnf upgrade -y git']],
  ['tool.missing', 'curl', 'amazon', {}, ['sudo dnf install -y curl-minimal']],
  ['tool.missing', 'curl', 'fedora', {}, ['sudo dnf install -y curl']],
  [
    'tool.missing',
    'docker',
    'amazon',
    { want: '>=20.10' },
    ['sudo dnf install -y docker', 'sudo systemctl enable --now docker', 'sudo usermod -aG docker ec2-user'],
  ],
  [
    'tool.missing',
    'docker',
    'ubuntu without systemd',
    {},
    [
      'sudo apt-get update',
      'sudo apt-get install -y docker.io docker-buildx docker-compose-v2',
      'sudo service docker start',
      'sudo usermod -aG docker learner',
    ],
  ],
  [
    'tool.missing',
    'docker',
    'debian as root',
    {},
    ['apt-get update', 'apt-get install -y docker.io', 'systemctl enable --now docker'],
  ],
  ['tool.missing', 'docker', 'macos', {}, ['brew install --cask docker-desktop', 'open -a Docker']],
  ['tool.too-old', 'docker', 'debian', { want: '>=20.10' }, []],
  ['tool.too-old', 'docker', 'amazon', { want: '>=20.10' }, ['sudo dnf upgrade -y docker']],
  [
    'tool.missing',
    'kind',
    'amazon',
    { want: '>=0.20' },
    [
      'sudo curl -fsSL -o /usr/local/bin/kind https://kind.sigs.k8s.io/dl/v0.27.0/kind-linux-amd64',
      'sudo chmod 0755 /usr/local/bin/kind',
    ],
  ],
  [
    'tool.too-new',
    'kubectl',
    'fedora',
    { want: '~1.32, >=1.31' },
    [
      'sudo curl -fsSL -o /usr/local/bin/kubectl https://dl.k8s.io/release/v1.32.4/bin/linux/arm64/kubectl',
      'sudo chmod 0755 /usr/local/bin/kubectl',
    ],
  ],
  // What we would install is not what the lab needs.
  ['tool.too-old', 'kubectl', 'fedora', { want: '>=1.35' }, []],
  ['tool.missing', 'kubectl', 'macos', { want: '~1.32' }, ['brew install kubectl']],
  ['tool.missing', 'node', 'fedora', {}, ['sudo dnf install -y nodejs npm']],
  ['tool.missing', 'docker', 'alpine', {}, []],
  ['engine.down', 'docker engine', 'amazon', { socket, source: 'default' }, ['sudo systemctl enable --now docker']],
  ['engine.down', 'docker engine', 'ubuntu without systemd', { socket }, ['sudo service docker start']],
  ['engine.down', 'docker engine', 'debian as root', { socket }, ['systemctl enable --now docker']],
  ['engine.down', 'docker engine', 'macos', { socket }, ['open -a Docker']],
  ['engine.down', 'docker engine', 'alpine', { socket }, []],
  // The usual socket, named by hand.
  ['engine.down', 'docker engine', 'ubuntu', { socket, source: 'DOCKER_HOST' }, ['sudo systemctl enable --now docker']],
  ['engine.down', 'docker engine', 'ubuntu', { socket: 'tcp://10.0.0.5:2375', source: 'DOCKER_HOST' }, []],
  [
    'engine.down',
    'docker engine',
    'ubuntu',
    { socket: '/run/user/1000/docker.sock' },
    ['systemctl --user start docker'],
  ],
  ['engine.down', 'docker engine', 'macos', { socket: '/Users/me/.colima/default/docker.sock' }, ['colima start']],
  ['engine.down', 'docker engine', 'macos', { socket: '/Users/me/.docker/run/docker.sock' }, ['open -a Docker']],
  ['engine.permission', 'docker engine', 'amazon', { socket, user: 'ec2-user' }, ['sudo usermod -aG docker ec2-user']],
  ['engine.permission', 'docker engine', 'debian as root', { socket }, []],
  ['engine.new-login', 'docker engine', 'amazon', { socket }, []],
  [
    'engine.wrong-context',
    'docker engine',
    'ubuntu',
    { context: 'old', socket: '', source: 'docker context' },
    ['docker context use default'],
  ],
  ['engine.wrong-context', 'docker engine', 'ubuntu', { context: 'old', socket: '', source: 'DOCKER_CONTEXT' }, []],
  [
    'engine.wrong-context',
    'docker engine',
    'macos',
    { context: 'desktop-linux', socket: '/s', source: 'docker context' },
    ['open -a Docker'],
  ],
  [
    'engine.wrong-context',
    'docker engine',
    'macos',
    { context: 'colima-k8s', socket: '/s', source: 'docker context' },
    ['colima start k8s'],
  ],
  [
    'engine.wrong-context',
    'docker engine',
    'ubuntu',
    { context: 'rootless', socket: '/s', source: 'docker context' },
    ['systemctl --user start docker'],
  ],
  ['engine.timeout', 'docker engine', 'amazon', { socket, seconds: 10 }, ['sudo systemctl restart docker']],
  ['engine.error', 'docker engine', 'amazon', { message: 'x' }, []],
  ['engine.api-too-old', 'docker engine', 'amazon', {}, ['sudo dnf upgrade -y docker']],
  ['port.taken-by-container', 'port 3000', 'debian', { port: 3000, container: 'web' }, []],
  ['disk.low', 'disk', 'debian', { engine: 1 }, ['docker builder prune -f', 'docker image prune -f']],
  ['disk.low', 'disk', 'debian', {}, []],
])('%s of %s on %s %j', (code, subject, name, evidence, commands) => {
  expect(repairFor(code, subject, systems[name], evidence)?.commands).toEqual(commands)
})

test.each<[string, string, Name]>([
  ['tool.missing', 'frobnicate', 'debian'],
  ['tool.missing', 'jq', 'alpine'],
  ['engine.something-new', 'docker engine', 'debian'],
  ['port.unknown', 'port 3000', 'debian'],
])('nothing is known for %s of %s on %s', (code, subject, name) => {
  expect(repairFor(code, subject, systems[name])).toBeUndefined()
})

test('a user name cannot become a command', () => {
  const odd = systemOf({ ...learner, user: "a'; reboot; '" }, 'ID=debian', true)
  expect(repairFor('engine.permission', 'docker engine', odd)?.commands).toEqual([
    `sudo usermod -aG docker 'a'\\''; reboot; '\\'''`,
  ])
})

const everything: [string, string, Evidence][] = [
  ['tool.missing', 'git', {}],
  ['tool.too-old', 'git', { want: '>=2.40' }],
  ['tool.missing', 'curl', {}],
  ['tool.missing', 'node', {}],
  ['tool.missing', 'docker', {}],
  ['tool.too-old', 'docker', { want: '>=20.10' }],
  ['tool.missing', 'kind', { want: '>=0.27' }],
  ['tool.missing', 'kubectl', { want: '~1.32' }],
  ['tool.missing', 'kubectl', { want: '>=1.36' }],
  ['engine.down', 'docker engine', { socket, source: 'default' }],
  ['engine.down', 'docker engine', { socket: 'tcp://10.0.0.5:2375', source: 'DOCKER_HOST' }],
  ['engine.permission', 'docker engine', { socket }],
  ['engine.new-login', 'docker engine', { socket }],
  ['engine.wrong-context', 'docker engine', { context: 'old', socket: '', source: 'docker context' }],
  ['engine.wrong-context', 'docker engine', { context: 'old', socket: '', source: 'DOCKER_CONTEXT' }],
  ['engine.wrong-context', 'docker engine', { context: 'desktop-linux', socket: '/s', source: 'docker context' }],
  ['engine.timeout', 'docker engine', { socket, seconds: 10 }],
  ['engine.error', 'docker engine', {}],
  ['engine.too-old', 'docker engine', {}],
  ['engine.api-too-new', 'docker engine', {}],
  ['port.taken-by-container', 'port 3000', { port: 3000, container: 'web' }],
  ['port.taken-by-container', 'port 3000', { port: 3000 }],
  ['port.taken-by-process', 'port 3000', { port: 3000, process: 'node', pid: 4242 }],
  ['port.taken', 'port 3000', { port: 3000 }],
  ['disk.low', 'disk', { engine: 1 }],
  ['disk.low', 'disk', {}],
]

const repairs = everything.flatMap(([code, subject, evidence]) =>
  Object.entries(systems).map(([name, system]) => ({
    about: `${code}: ${subject} ${JSON.stringify(evidence)}`,
    name,
    system,
    repair: repairFor(code, subject, system, evidence),
  })),
)

test('no repair opens the socket to everybody, and root needs no sudo in its commands', () => {
  for (const { repair, system } of repairs) {
    const text = JSON.stringify(repair ?? '')
    expect(text).not.toMatch(/chmod (0?666|777|a\+)|sslVerify|--no-check/)
    if (system.root) expect(repair?.commands.join('\n') ?? '').not.toContain('sudo')
    if (system.platform === 'darwin') expect(repair?.commands.join('\n') ?? '').not.toContain('sudo')
  }
})

function shown(repair: Repair | undefined): string {
  if (!repair) return '(nothing)'
  const { commands, note, needsNewLogin } = repair
  return [
    ...commands.map(command => `$ ${command}`),
    ...(note ? [`ko ${note.ko}`, `en ${note.en}`] : []),
    ...(needsNewLogin ? ['(counts from the next login on)'] : []),
  ].join('\n')
}

/** Systems with the same repair stand together. */
test('every repair, for a person to read', async () => {
  const parts = everything.map(([code, subject, evidence]) => {
    const about = `${code}: ${subject} ${JSON.stringify(evidence)}`
    const groups = new Map<string, string[]>()
    for (const each of repairs.filter(each => each.about === about)) {
      const text = shown(each.repair)
      groups.set(text, [...(groups.get(text) ?? []), each.name])
    }
    return [`# ${about}`, ...[...groups].map(([text, names]) => `-- ${names.join(', ')}\n${text}`)].join('\n')
  })
  await expect(`${parts.join('\n\n')}\n`).toMatchFileSnapshot('__golden__/repairs.txt')
})
