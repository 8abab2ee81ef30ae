import { expect, test } from 'vitest'
import { browserUrl, openInEditor } from '../../src/terminal/urls.ts'

test.each<[string, Record<string, string>, string]>([
  ['nothing', {}, 'http://localhost:3000/'],
  ['code-server', { VSCODE_PROXY_URI: 'https://c.example.com/proxy/{{port}}/' }, 'https://c.example.com/proxy/3000/'],
  ['no slash', { VSCODE_PROXY_URI: 'https://c.example.com/a/proxy/{{port}}' }, 'https://c.example.com/a/proxy/3000/'],
  ['port in the host', { VSCODE_PROXY_URI: 'https://{{port}}.c.example.com' }, 'https://3000.c.example.com/'],
  ['no scheme', { VSCODE_PROXY_URI: '//{{port}}.c.example.com' }, 'https://3000.c.example.com/'],
  ['neither', { VSCODE_PROXY_URI: 'c.example.com/proxy/{{ port }}/' }, 'https://c.example.com/proxy/3000/'],
  ['local', { VSCODE_PROXY_URI: '//localhost:8080/proxy/{{port}}' }, 'http://localhost:8080/proxy/3000/'],
  [
    'local with a scheme',
    { VSCODE_PROXY_URI: 'http://127.0.0.1:8080/proxy/{{port}}/' },
    'http://127.0.0.1:8080/proxy/3000/',
  ],
  ['query', { VSCODE_PROXY_URI: 'https://c.example.com/p?port={{port}}' }, 'https://c.example.com/p/?port=3000'],
  ['path only', { VSCODE_PROXY_URI: '/proxy/{{port}}/' }, 'http://localhost:3000/'],
  ['relative', { VSCODE_PROXY_URI: './proxy/{{port}}/' }, 'http://localhost:3000/'],
  ['host not filled in', { VSCODE_PROXY_URI: 'https://{{port}}.{{host}}/' }, 'http://localhost:3000/'],
  ['no port', { VSCODE_PROXY_URI: 'https://c.example.com/proxy/' }, 'http://localhost:3000/'],
  ['nonsense', { VSCODE_PROXY_URI: 'https://[/{{port}}' }, 'http://localhost:3000/'],
  ['empty', { VSCODE_PROXY_URI: '' }, 'http://localhost:3000/'],
  [
    'Codespaces',
    { CODESPACES: 'true', CODESPACE_NAME: 'fuzzy-fish', GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN: 'app.github.dev' },
    'https://fuzzy-fish-3000.app.github.dev/',
  ],
  ['Codespaces by name only', { CODESPACE_NAME: 'fuzzy-fish' }, 'http://localhost:3000/'],
  [
    'Gitpod',
    { GITPOD_WORKSPACE_URL: 'https://me-repo-1a2b.ws-eu1.gitpod.io' },
    'https://3000-me-repo-1a2b.ws-eu1.gitpod.io/',
  ],
])('browser address: %s', (_, env, expected) => {
  expect(browserUrl(3000, env)).toBe(expected)
})

const inEditor = { VSCODE_IPC_HOOK_CLI: '/run/vscode-ipc.sock' }

test.each<[string, Record<string, string>, string[], readonly string[] | null]>([
  ['code-server', inEditor, ['code-server', 'code'], ['code-server', '-r', '-g', '/w/a b.yaml:3:1']],
  ['remote VS Code', inEditor, ['code'], ['code', '-r', '-g', '/w/a b.yaml:3:1']],
  ['no program', inEditor, [], null],
  ['outside the editor', {}, ['code-server', 'code'], null],
])('open in the editor: %s', (_, env, programs, expected) => {
  expect(openInEditor('/w/a b.yaml:3:1', env, program => programs.includes(program))).toEqual(expected)
})
