import type { Evidence } from '../../lab/verdict.ts'
import { code } from '../../text/josa.ts'
import { admin, type Repair } from './repair.ts'
import { repairContext, repairEngineAge, repairEngineDown, repairEngineError, repairGroup } from './repairs-engine.ts'
import { repairTool } from './repairs-tools.ts'
import type { System } from './system.ts'

export type { Repair } from './repair.ts'

/**
 * What puts a finding of `lab doctor` right; `undefined` where we know of nothing. Where only reading helps (an unknown
 * distribution, a variable of the learner's own shell) there are no commands and the note says where or what.
 */
export function repairFor(found: string, subject: string, system: System, evidence: Evidence = {}): Repair | undefined {
  switch (found) {
    case 'tool.missing':
    case 'tool.too-old':
    case 'tool.too-new':
      return repairTool(found, subject, system, String(evidence['want'] ?? '*'))
    case 'engine.down':
      return repairEngineDown(system, evidence)
    case 'engine.permission':
    case 'engine.new-login':
      return repairGroup(found, system)
    case 'engine.wrong-context':
      return repairContext(system, evidence)
    case 'engine.timeout':
    case 'engine.error':
      return repairEngineError(found, system)
    case 'engine.too-old':
    case 'engine.api-too-old':
    case 'engine.api-too-new':
      return repairEngineAge(found, system)
    case 'port.taken-by-container':
    case 'port.taken-by-process':
    case 'port.taken':
      return repairPort(found, system, evidence)
    case 'disk.low':
      return repairDisk(evidence)
    default:
      return undefined
  }
}

/** Whatever holds a port may be somebody's work: nothing is ended for them. */
function repairPort(found: string, system: System, { port = '', pid, container }: Evidence): Repair {
  if (found === 'port.taken-by-container') {
    const stop = container ? `docker stop ${container}` : 'docker stop'
    return {
      commands: [],
      note: {
        ko: `${code(`docker ps --filter publish=${port}`, '으로/로')} 확인하고, 필요 없는 컨테이너라면 ${code(stop, '으로/로')} 멈추세요.`,
        en: `See \`docker ps --filter publish=${port}\`; if you do not need that container, stop it with \`${stop}\`.`,
      },
    }
  }
  const who = system.platform === 'darwin' ? `lsof -nP -iTCP:${port} -sTCP:LISTEN` : `ss -ltnp 'sport = :${port}'`
  const look = found === 'port.taken' ? admin(system, who) : who
  return {
    commands: [],
    note: {
      ko:
        `${code(look, '으로/로')} 누가 쓰는지 확인하세요. 전에 직접 띄운 서버라면 ` +
        (pid ? `${code(`kill ${pid}`, '으로/로')} 끝내면 돼요.` : '그 터미널에서 Ctrl-C로 끝내면 돼요.'),
      en:
        `See who has it with \`${look}\`. If it is a server that you started earlier, end it with ` +
        (pid ? `\`kill ${pid}\`.` : 'Ctrl-C in its terminal.'),
    },
  }
}

/** Only what nobody can miss: the build cache and layers without a name. */
function repairDisk({ engine }: Evidence): Repair {
  if (!engine)
    return {
      commands: [],
      note: {
        ko: '`df -h`와 `du -xsh ~/*`로 어디에 공간이 쓰였는지 보고, 필요 없는 파일을 지우세요.',
        en: 'See with `df -h` and `du -xsh ~/*` what takes the space, and delete what you do not need.',
      },
    }
  return {
    commands: ['docker builder prune -f', 'docker image prune -f'],
    note: {
      ko: '빌드 캐시와 이름 없는 이미지만 지워요. 무엇이 얼마나 쓰는지는 `docker system df`로 볼 수 있어요. 그래도 모자라면 `docker image prune -a`가 쓰이지 않는 이미지를 모두 지우고, 다음에 필요할 때 다시 받아요.',
      en: 'This removes only the build cache and images without a name. `docker system df` shows what takes how much. If it is not enough, `docker image prune -a` removes every unused image; they are pulled again when needed.',
    },
  }
}
