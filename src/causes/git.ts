import { basename, dirname, relative } from 'node:path'
import { nearest } from '../lab/near.ts'
import { code } from '../text/josa.ts'
import type { Situation } from './cause.ts'
import { cause } from './cause.ts'
import { calls } from './line.ts'
import { failing, known, said } from './look.ts'

type Unreachable = { host: string; reason: 'dns' | 'connection' | 'tls'; port?: number }

const reasons: readonly [Unreachable['reason'], RegExp][] = [
  [
    'tls',
    /SSL certificate problem|server certificate verification failed|unable to get local issuer|gnutls_handshake|SSL_connect/i,
  ],
  ['dns', /Could not resolve (?:host|hostname|proxy):? ?(\S+)|Temporary failure in name resolution/i],
  [
    'connection',
    /Failed to connect to (\S+?) port|Connection (?:refused|timed out|reset)|Network is unreachable|No route to host|Could not read from remote|Recv failure|returned error: 5\d\d/i,
  ],
]

const unreachable = cause<Unreachable>({
  code: 'git.unreachable',
  final: true,
  find(situation) {
    const command = failing(situation)
    const text = said(situation)
    if (!command || (calls(command.line, 'git').length === 0 && !/fatal: unable to access/.test(text))) return null
    if (notFound(situation)) return null
    const reason = reasons.find(([, pattern]) => pattern.test(text))
    if (!reason) return null
    const url = /unable to access '\w+:\/\/(?:[^@/']*@)?([^:/']+)/.exec(text)?.[1]
    const host = url ?? reason[1].exec(text)?.[1]?.replace(/[;:,.]+$/, '') ?? hostIn(command.line)
    const port = Number(/port (\d+)/.exec(text)?.[1]) || undefined
    return known({ host, reason: reason[0], port }) as Unreachable
  },
  message: {
    ko: ({ host, reason }) =>
      ({
        dns: `\`${host}\`의 주소를 찾지 못해서 저장소에 닿지 못했어요.`,
        connection: `\`${host}\`에 연결되지 않아서 저장소에 닿지 못했어요.`,
        tls: `\`${host}\`의 인증서를 확인하지 못해서 git이 연결을 끊었어요.`,
      })[reason],
    en: ({ host, reason }) =>
      ({
        dns: `The repository cannot be reached: there is no address for the name \`${host}\`.`,
        connection: `The repository cannot be reached: \`${host}\` does not accept a connection.`,
        tls: `git broke off because it cannot verify the certificate of \`${host}\`.`,
      })[reason],
  },
  advice: {
    ko: ({ host, reason }) =>
      ({
        dns: `인터넷에 연결되어 있는지 ${code(`getent hosts ${host}`, '으로/로')} 확인해 보세요. 주소를 잘못 쓰지는 않았는지, 회사 망이라면 프록시가 필요한지도 보세요.`,
        connection: `${code(`curl -I https://${host}`, '으로/로')} 닿는지, \`env | grep -i proxy\`로 프록시 설정이 맞는지 확인해 보세요.`,
        tls: '회사 보안 장비가 통신을 검사하는 망에서 자주 나와요. 그 장비의 CA 인증서를 시스템에 등록해야 해요. sslVerify를 꺼서 넘어가지는 마세요.',
      })[reason],
    en: ({ host, reason }) =>
      ({
        dns: `See with \`getent hosts ${host}\` whether this machine is online. Look for a slip in the address; in a company network a proxy may be needed.`,
        connection: `Try \`curl -I https://${host}\`, and look with \`env | grep -i proxy\` whether the proxy settings are right.`,
        tls: 'This is common in networks whose security gateway inspects traffic: its CA certificate has to be installed on this machine. Do not turn sslVerify off.',
      })[reason],
  },
})

function hostIn(line: string): string {
  return /(?:\w+:\/\/|@)([\w.-]+)/.exec(line)?.[1] ?? 'git'
}

const destinationExists = cause<{ folder: string }>({
  code: 'git.destination-exists',
  final: true,
  find(situation) {
    const folder = /destination path '(.+)' already exists/.exec(said(situation))?.[1]
    return folder ? { folder } : null
  },
  message: {
    ko: ({ folder }) => `\`${folder}\` 폴더가 이미 있고 비어 있지 않아서 git이 그 자리에 복제하지 않았어요.`,
    en: ({ folder }) => `The folder \`${folder}\` is already there and not empty, so git did not clone into it.`,
  },
  advice: {
    ko: ({ folder }) =>
      `${code(`ls -a ${folder}`, '와/과')} ${code(`git -C ${folder} remote -v`, '으로/로')} 무엇인지 보세요. 전에 받은 저장소면 그대로 쓰면 되고, 새로 받으려면 그 폴더를 옮기거나 지운 뒤 다시 하세요.`,
    en: ({ folder }) =>
      `See what it is with \`ls -a ${folder}\` and \`git -C ${folder} remote -v\`. If it is an earlier clone, go on with it; to clone anew, move or remove the folder first.`,
  },
})

const repositoryNotFound = cause<{ url: string }>({
  code: 'git.repository-not-found',
  final: true,
  find: notFound,
  message: {
    ko: ({ url }) => `\`${url}\` 주소에 받을 수 있는 저장소가 없어요.`,
    en: ({ url }) => `There is no repository that you may read at \`${url}\`.`,
  },
  advice: {
    ko: () =>
      '주소를 한 글자씩 견주어 보세요. 비공개 저장소도 로그인하지 않으면 없는 것처럼 보여요. `git ls-remote 주소`로 미리 확인할 수 있어요.',
    en: () =>
      'Compare the address letter by letter. A private repository also looks as if it were missing. `git ls-remote URL` tries an address without cloning.',
  },
})

function notFound(situation: Situation): { url: string } | null {
  const text = said(situation)
  const named = /repository '(.+)' (?:does not exist|not found)/i.exec(text)?.[1]
  const asked = /could not read (?:Username|Password) for '(.+)'|Authentication failed for '(.+)'/.exec(text)
  const line = failing(situation)?.line ?? ''
  const typed =
    asked || /ERROR: Repository not found|'(.+)' does not appear to be a git repository/.test(text)
      ? calls(line, 'git')
          .at(-1)
          ?.find((word, i) => i > 1 && /[/:]/.test(word))
      : undefined
  const url = named ?? typed ?? asked?.[1] ?? asked?.[2]
  return url ? { url } : null
}

const verbs = (
  'add bisect blame branch checkout cherry-pick clean clone commit config diff fetch grep help init log merge mv pull ' +
  'push rebase remote reset restore revert rm show stash status switch tag'
).split(' ')

const unknownCommand = cause<{ command: string; near?: string }>({
  code: 'git.unknown-command',
  final: true,
  find(situation) {
    const command = /git: '([^']+)' is not a git command/.exec(said(situation))?.[1]
    return command ? (known({ command, near: nearest(command, verbs) }) as { command: string }) : null
  },
  message: {
    ko: ({ command }) => `git에는 ${code(command, '이라/라')}는 명령이 없어요.`,
    en: ({ command }) => `git has no command \`${command}\`.`,
  },
  advice: {
    ko: ({ near }) =>
      near ? `혹시 ${code(`git ${near}`, '을/를')} 쓰려던 건가요?` : '`git help`에서 자주 쓰는 명령을 볼 수 있어요.',
    en: ({ near }) => (near ? `Did you mean \`git ${near}\`?` : '`git help` lists the common commands.'),
  },
})

const notARepository = cause<{ folder: string; near?: string }>({
  code: 'git.not-a-repository',
  final: true,
  find(situation) {
    const command = failing(situation)
    if (!command || !/not a git repository/i.test(said(situation))) return null
    const near = Object.keys(situation.facts.files ?? {})
      .map(path => relative(command.cwd, dirname(path)))
      .find(path => path !== '' && !path.startsWith('..'))
    return known({ folder: basename(command.cwd), near }) as { folder: string }
  },
  message: {
    ko: ({ folder }) => `지금 있는 \`${folder}\` 폴더는 git 저장소가 아니에요.`,
    en: ({ folder }) => `The folder you are in, \`${folder}\`, is not a git repository.`,
  },
  advice: {
    ko: ({ near }) =>
      `\`pwd\`와 \`ls\`로 어디에 있는지 보고, 복제한 폴더 안으로 \`cd\`한 다음 다시 하세요.${near ? ` 여기에는 \`${near}\` 폴더가 있어요.` : ''}`,
    en: ({ near }) =>
      `See with \`pwd\` and \`ls\` where you are, and change with \`cd\` into the folder that you cloned.${near ? ` There is \`${near}\` here.` : ''}`,
  },
})

const noPermission = cause<{ folder: string }>({
  code: 'git.no-permission',
  final: true,
  find(situation) {
    const folder =
      /(?:could not create (?:work tree dir|leading directories of)|cannot mkdir) '?([^':\n]+)'?: (?:Permission denied|Read-only file system)/.exec(
        said(situation),
      )?.[1]
    return folder ? { folder } : null
  },
  message: {
    ko: ({ folder }) => `지금 있는 폴더에 쓸 권한이 없어서 git이 \`${folder}\` 폴더를 만들지 못했어요.`,
    en: ({ folder }) => `git could not make the folder \`${folder}\`: you may not write where you are.`,
  },
  advice: {
    ko: () =>
      '`pwd`와 `ls -ld .`로 여기가 누구의 폴더인지 보세요. 실습용 작업 폴더나 홈 폴더(`cd ~`)로 옮겨서 다시 하면 돼요. `sudo`로 복제하면 나중에 파일을 고칠 수 없어요.',
    en: () =>
      'See with `pwd` and `ls -ld .` whose folder this is. Change to the workspace of the lab or to your home (`cd ~`) and try again. What is cloned with `sudo` cannot be edited later.',
  },
})

export const git = [unreachable, destinationExists, repositoryNotFound, unknownCommand, notARepository, noPermission]
