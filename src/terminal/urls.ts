type Env = Readonly<Record<string, string | undefined>>

/**
 * The address under which a browser reaches a port of this machine, always with a slash at the end: behind code-server,
 * Codespaces or Gitpod the proxied one, else that of this machine.
 */
export function browserUrl(port: number, env: Env): string {
  return proxied(port, env) ?? `http://localhost:${port}/`
}

function proxied(port: number, env: Env): string | undefined {
  const template = env['VSCODE_PROXY_URI']
  if (template) return fromTemplate(template, port)
  const space = env['CODESPACE_NAME']
  const domain = env['GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN'] ?? 'app.github.dev'
  if (isSet(env['CODESPACES']) && space) return `https://${space}-${port}.${domain}/`
  const gitpod = /^https:\/\/([^/]+)/.exec(env['GITPOD_WORKSPACE_URL'] ?? '')?.[1]
  return gitpod && `https://${port}-${gitpod}/`
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== 'false'
}

/**
 * `https://host/proxy/{{port}}/`, `//{{port}}.host` and the like. A path alone, or a `{{host}}` that code-server did not fill
 * in, says nothing about where the browser is.
 */
function fromTemplate(template: string, port: number): string | undefined {
  if (!/\{\{\s*port\s*\}\}/.test(template) || /\{\{\s*host\s*\}\}/.test(template)) return undefined
  const filled = template.trim().replace(/\{\{\s*port\s*\}\}/g, String(port))
  if (/^\.{0,2}\/(?!\/)/.test(filled)) return undefined
  const bare = filled.replace(/^\/\//, '')
  const scheme = /^(localhost|127\.|\[::1\]|[\w-]+\.localhost)/.test(bare) ? 'http' : 'https'
  const address = /^[a-z][a-z+.-]*:\/\//i.test(filled) ? filled : `${scheme}://${bare}`
  if (!URL.canParse(address)) return undefined
  const url = new URL(address)
  if (!url.pathname.endsWith('/')) url.pathname += '/'
  return url.href
}

/**
 * The command that opens a file in the editor window of this terminal; `null` where there is none. Without
 * `VSCODE_IPC_HOOK_CLI` it is never `code-server`: that could start a server.
 *
 * @param path absolute, or `path:line[:column]`
 * @param installed whether a program is on the PATH
 */
export function openInEditor(
  path: string,
  env: Env,
  installed: (program: string) => boolean,
): readonly string[] | null {
  if (!env['VSCODE_IPC_HOOK_CLI']) return null
  const program = ['code-server', 'code'].find(installed)
  return program ? [program, '-r', '-g', path] : null
}
