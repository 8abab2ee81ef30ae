import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { live } from '../helpers/live.ts'
import { reportsOf } from '../report/grade/all.ts'
import { about, grades } from '../report/grade/class.ts'
import { poisoned, strings } from '../report/grade/hostile.ts'
import { openBrowser } from './browser.ts'
import { newHome } from './program.ts'

/** The pages of grades in a real browser: what it makes of them, and what they make it do. */

live('chromium')('pages of grades', () => {
  let browser: Browser
  const home = newHome()
  const folder = join(home.temp, 'pages')
  beforeAll(async () => {
    mkdirSync(folder)
    browser = await openBrowser(home)
  })
  afterAll(async () => {
    await browser.close()
    home.remove()
  })

  /** Opened from a file, as a student opens it; with all that it asked for or complained about. */
  async function open(name: string, text: string, width: number) {
    const file = join(folder, name)
    writeFileSync(file, text)
    const page = await browser.newPage({ viewport: { width, height: 800 } })
    const heard: string[] = []
    page.on('console', message => heard.push(message.text()))
    page.on('dialog', dialog => {
      heard.push(dialog.message())
      return dialog.dismiss()
    })
    page.on('request', request => heard.push(request.url()))
    const { href } = pathToFileURL(file)
    await page.goto(href)
    return { page, heard: heard.filter(each => each !== href) }
  }

  // As text: this runs in the page.
  const counts = `['script', 'img', 'iframe', 'a', 'form', 'link', 'object', 'b b'].map(tag =>
    document.querySelectorAll(tag).length).join(' ')`
  const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'

  // The others are no markup to a browser either way; test/report/grade/hostile.test.ts reads them all.
  test.each(['html', 'script', 'attribute', 'entity', 'cdata', 'longQuotes'])('%s does nothing', async kind => {
    const made = poisoned(strings[kind]!)
    const files = reportsOf('ko', made.about, made.grades)
    for (const name of ['class.html', 'student-s02.html', 'student-s03.html']) {
      const { page, heard } = await open(`${kind}-${name}`, files.get(name)!, 390)
      expect(await page.evaluate(counts), name).toBe('0 0 0 0 0 0 0 0')
      expect(heard, name).toEqual([])
      expect(await page.evaluate(overflow), name).toBe(0)
      await page.close()
    }
  })

  test.each(['ko', 'en'] as const)(
    '%s: the style is allowed, a phone is wide enough, paper takes it',
    async language => {
      const files = reportsOf(language, about, grades)
      for (const [name, text] of files) {
        if (!name.endsWith('.html')) continue
        const { page, heard } = await open(`${language}-${name}`, text, 360)
        expect(heard, name).toEqual([])
        expect(await page.evaluate('getComputedStyle(document.body).lineHeight')).not.toBe('normal')
        expect(await page.evaluate(overflow), name).toBe(0)
        expect(await page.evaluate('document.documentElement.lang')).toBe(language)
        expect((await page.pdf({ format: 'A4' })).length).toBeGreaterThan(5000)
        await page.close()
      }
    },
  )
})
