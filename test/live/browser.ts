import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import type { Home } from './program.ts'

/** The terminal of a code-server window in a real browser. */
export interface EditorTerminal {
  /** Waits until the last line of the screen fits; the cursor is in it. */
  last(pattern: RegExp): Promise<void>
  /** Waits until the screen shows it; gives the match. */
  shows(pattern: RegExp): Promise<string[]>
  /** Reads upwards from the end until it is there, as a learner scrolls; gives the match. */
  find(pattern: RegExp): Promise<string[]>
  type(text: string): Promise<void>
  /** Types the line where the last one fits `at`, then Enter, and waits until it fits `next`. */
  enter(line: string, at: RegExp, next: RegExp): Promise<void>
  /** Puts the keyboard back into it. */
  focus(): Promise<void>
}

/** For a slow machine, ms. */
const patience = 90_000

export async function openBrowser(home: Home): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--no-proxy-server'],
    env: { ...home.env },
    timeout: patience,
  })
}

/** Takes numbered pictures, into HANDRAIL_SHOTS where it is set. */
export function camera(home: Home, prefix: string): (page: Page, title: string) => Promise<void> {
  const folder = process.env['HANDRAIL_SHOTS'] ?? join(home.temp, 'shots')
  mkdirSync(folder, { recursive: true })
  let count = 0
  return async (page, title) => {
    const path = join(folder, `${prefix}-${String(++count).padStart(2, '0')}-${title}.png`)
    await page.screenshot({ path, timeout: patience })
  }
}

// As text: this runs in the page. The line that stays on top while one scrolls is a second set of rows.
const readRows = `[...document.querySelectorAll('.xterm-rows')]
  .filter(rows => !rows.closest('.terminal-sticky-scroll'))
  .flatMap(rows => [...rows.children].map(row => row.textContent.replaceAll('\\u00a0', ' ').trimEnd()))`

const lastRow = `(${readRows}.filter(Boolean).at(-1) ?? '')`

export async function openTerminalIn(page: Page): Promise<EditorTerminal> {
  page.setDefaultTimeout(patience)
  await page.locator('.monaco-workbench').waitFor()
  for (const deadline = performance.now() + patience; ; ) {
    // A window that has only just come up may not know the key yet.
    await page.keyboard.press('Control+Backquote')
    const opened = page.locator('.xterm-rows').first().waitFor({ timeout: 15_000 })
    if (await opened.then(() => true).catch(error => rethrowAfter(deadline, error))) break
  }

  const rows = () => page.evaluate<string[]>(readRows)
  async function until(expression: string, what: RegExp): Promise<string[]> {
    const found = await page.waitForFunction(expression, undefined, { polling: 100 }).catch(async error => {
      throw new Error(`${what}: ${(error as Error).message}; on the screen:\n${(await rows()).join('\n')}`)
    })
    return (await found.jsonValue()) as string[]
  }

  const last = async (pattern: RegExp) => void (await until(`${pattern}.exec(${lastRow})`, pattern))
  const focus = () => page.locator('.xterm-helper-textarea').first().focus()

  /** Whether the screen is another one after it; a page that is slower than this is tried again. */
  async function scroll(key: string, before: string): Promise<boolean> {
    await page.keyboard.press(key)
    const other = page.waitForFunction(`${readRows}.join('\\n') !== ${JSON.stringify(before)}`, undefined, {
      polling: 50,
      timeout: 1000,
    })
    return other.then(
      () => true,
      () => false,
    )
  }

  return {
    shows: pattern => until(`${pattern}.exec(${readRows}.join('\\n'))`, pattern),
    last,
    async find(pattern) {
      for (const deadline = performance.now() + patience; ; ) {
        const screen = (await rows()).join('\n')
        const found = pattern.exec(screen)
        if (found) return found
        const more = await scroll('Shift+PageUp', screen)
        if (!more && performance.now() > deadline) throw new Error(`${pattern} is nowhere; the beginning:\n${screen}`)
        // It may be written yet.
        if (!more) await scroll('Control+End', screen)
      }
    },
    async type(text) {
      await focus()
      await page.keyboard.type(text)
    },
    async enter(line, at, next) {
      // The window may have taken the keyboard elsewhere, for example to a notice.
      await focus()
      await page.keyboard.press('Control+End')
      await last(at)
      await page.keyboard.type(line)
      await until(`!${at}.test(${lastRow})`, at)
      await page.keyboard.press('Enter')
      await last(next)
    },
    focus,
  }
}

function rethrowAfter(deadline: number, error: unknown): false {
  if (performance.now() > deadline) throw error
  return false
}
