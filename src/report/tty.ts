import { Listr, ListrLogger, type ListrTask, ProcessOutput } from 'listr2'
import { showDuration } from '../lab/units.ts'
import type { RunEvent } from '../run/events.ts'
import { truncate } from '../terminal/width.ts'
import { newsLines } from './checks.ts'
import { createNews } from './news.ts'
import { lines, outputLines, type Scene } from './plain.ts'
import type { Teller } from './teller.ts'

export interface View {
  listen(event: RunEvent): void
  /** Resolves when everything that was told is on the screen and nothing moves any more. */
  settled(): Promise<void>
}

/** Nothing moves before this many ms: what is quick needs no spinner. */
const patience = 150
/** Lines of a running command that are shown below it. */
const tail = 6

/** A list that is alive while something goes on, and leaves no trace: what stays is printed as in the plain view. */
interface Live {
  stop(): Promise<void>
}

/** Live lists while commands run and checks wait; the same lines as the plain view for what stays. */
export function createTtyView(teller: Teller, scene: Scene): View {
  let queue = Promise.resolve()
  let live: Live | null = null
  let output = ''
  let since = 0
  const waiting = new Map<string, { title: string; note: string }>()

  const stop = async () => {
    const current = live
    live = null
    await current?.stop()
  }
  const print = (event: RunEvent) => {
    for (const line of lines(teller, scene, event, output)) teller.print(line)
  }

  async function show(event: RunEvent): Promise<void> {
    switch (event.event) {
      case 'command.started': {
        await stop()
        print(event)
        waiting.clear()
        output = ''
        const began = Date.now()
        live = begin(teller, () => [{ title: showDuration(Date.now() - began), below: lastLines(teller, output) }])
        return
      }
      case 'command.output':
        return
      case 'command.finished':
        await stop()
        print(event)
        output = ''
        return
      case 'checks.started': {
        await stop()
        print(event)
        waiting.clear()
        since = Date.now()
        for (const { id, title } of event.checks) waiting.set(id, { title: teller.of(title), note: '' })
        live = beginChecks()
        return
      }
      case 'check.waiting': {
        const each = waiting.get(event.check)
        if (each && event.cause) each.note = teller.of(event.cause.message)
        return
      }
      case 'check.finished':
        waiting.delete(event.result.id)
        await besides(() => print(event))
        return
      default:
        waiting.clear()
        await stop()
        print(event)
    }
  }

  /** Prints while checks may be waited for. */
  async function besides(write: () => void): Promise<void> {
    await stop()
    write()
    if (waiting.size > 0) live = beginChecks()
  }

  function beginChecks(): Live {
    return begin(teller, () => {
      const time = showDuration(Date.now() - since)
      return [...waiting.values()].map(({ title, note }) => ({
        title: `${title} ${time}`,
        below: note === '' ? [] : [note],
      }))
    })
  }

  const news = createNews(each => {
    queue = queue.then(() =>
      besides(() => {
        for (const line of newsLines(teller, each)) teller.print(line)
      }),
    )
  })

  return {
    listen(event) {
      news(event)
      // Output counts at once: the live list reads it while the queue waits.
      if (event.event === 'command.output') output += event.text
      else queue = queue.then(() => show(event))
    },
    // A list that nobody ends, because what it waits for was interrupted, would keep the process alive.
    settled: () => {
      queue = queue.then(stop)
      return queue
    },
  }
}

interface Row {
  readonly title: string
  readonly below: readonly string[]
}

/** Shows rows with spinners until stopped, refreshed ten times a second. */
function begin(teller: Teller, rows: () => readonly Row[]): Live {
  let end: (() => void) | undefined
  let running: Promise<unknown> | undefined
  let refresh: NodeJS.Timeout | undefined
  const start = setTimeout(() => {
    const ended = new Promise<void>(resolve => {
      end = resolve
    })
    const tasks: { title: string; output: string }[] = []
    const list = rows().map(
      (row): ListrTask => ({
        title: row.title,
        task: (_, task) => {
          tasks.push(task)
          return ended
        },
      }),
    )
    if (list.length === 0) return
    const update = () => {
      const now = rows()
      for (const [index, task] of tasks.entries()) {
        const row = now[index]
        if (!row) continue
        task.title = truncate(row.title, teller.look.columns - 4)
        task.output = row.below.join('\n')
      }
    }
    running = new Listr(list, {
      concurrent: true,
      exitOnError: false,
      collectErrors: 'minimal',
      registerSignalListeners: false,
      renderer: 'default',
      rendererOptions: {
        clearOutput: true,
        collapseSubtasks: false,
        outputBar: tail,
        logger: new ListrLogger({ processOutput: new ProcessOutput(process.stderr, process.stderr) }),
      } as never,
    }).run()
    refresh = setInterval(update, 100)
    update()
  }, patience)
  return {
    async stop() {
      clearTimeout(start)
      clearInterval(refresh)
      end?.()
      await running
    },
  }
}

function lastLines({ look }: Teller, output: string): string[] {
  return outputLines(output)
    .slice(-tail)
    .map(line => truncate(line, look.columns - 6))
}
