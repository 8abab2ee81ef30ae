import type { Language } from '../lab/lab.ts'
import { en, type Messages } from './en.ts'
import { ko } from './ko.ts'

export type { Messages }

const all: Readonly<Record<Language, Messages>> = { ko, en }

/** What the program itself says. */
export function messages(language: Language): Messages {
  return all[language]
}

/** `3 minutes ago`, `어제`. Times in ms. */
export function timeAgo(at: number, now: number, { times }: Messages): string {
  const minutes = Math.round((now - at) / 60_000)
  if (minutes < 1) return times.now
  if (minutes < 60) return times.minutes(minutes)
  if (minutes < 24 * 60) return times.hours(Math.round(minutes / 60))
  return times.days(Math.round(minutes / (24 * 60)))
}

/** `12 min 5 s`, `1시간 15분`. */
export function timeSpan(ms: number, { span }: Messages): string {
  const seconds = Math.round(ms / 1000)
  return span(Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60)
}
