import type { Text } from '../../lab/lab.ts'
import type { System } from './system.ts'

/** How to put right what `lab doctor` found. */
export interface Repair {
  /** Shell lines for a person to agree to; run in order, ending at the first that fails. Empty: only the note helps. */
  readonly commands: readonly string[]
  readonly note?: Text
  /** Works only in a session that begins afterwards. */
  readonly needsNewLogin?: true
}

/** With the right to change the system. */
export function admin(system: System, command: string): string {
  return system.root ? command : `sudo ${command}`
}

/** Nothing that we could run: where it is explained. */
export function page(url: string): Repair {
  return { commands: [], note: { ko: `설치 방법은 ${url} 에 있어요.`, en: `How to install it: ${url}` } }
}

export function install(system: System, ...packages: readonly string[]): string[] {
  const names = packages.join(' ')
  switch (system.family) {
    case 'debian':
      return [admin(system, 'apt-get update'), admin(system, `apt-get install -y ${names}`)]
    case 'amazon':
    case 'fedora':
      return [admin(system, `dnf install -y ${names}`)]
    case 'macos':
      return [`brew install ${names}`]
    case 'other':
      return []
  }
}

/** What starts the engine of the system, where it is known how services are started. */
export function startEngine(system: System): string[] {
  if (system.platform !== 'linux') return []
  if (system.systemd) return [admin(system, 'systemctl enable --now docker')]
  return system.family === 'other' ? [] : [admin(system, 'service docker start')]
}

/** Root needs no group. */
export function joinGroup(system: System): Pick<Repair, 'commands' | 'needsNewLogin'> {
  if (system.root) return { commands: [] }
  return { commands: [admin(system, `usermod -aG docker ${word(system.user)}`)], needsNewLogin: true }
}

export function newLogin(system: System): Text {
  const restart = system.systemd ? ` (\`sudo systemctl restart code-server@${system.user}\`)` : ''
  return {
    ko: `그룹은 새로 로그인해야 적용돼요. code-server에서는 터미널을 새로 여는 것으로는 부족하고, code-server를 다시 시작해야 해요${restart}. 그때 열려 있던 터미널은 닫혀요. 이 터미널에서 바로 이어 가려면 \`newgrp docker\`를 실행하세요.`,
    en: `The group counts from the next login on. In code-server a new terminal is not enough: restart code-server${restart}, which closes its terminals. To go on in this terminal at once, run \`newgrp docker\`.`,
  }
}

export function both(first: Text, second: Text): Text {
  return { ko: `${first.ko} ${second.ko}`, en: `${first.en} ${second.en}` }
}

/** One word of a shell line, whatever is in it. */
export function word(text: string): string {
  return /^[\w.@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
