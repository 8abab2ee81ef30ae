import { writeFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { resolve } from 'node:path'
import { kinds } from '../../check/kinds/index.ts'
import { pack } from '../../grade/bundle.ts'
import { collect, evaluateEvidence } from '../../grade/collect.ts'
import { labDigest } from '../../grade/digest.ts'
import { isStudentId } from '../../grade/roster.ts'
import { showSize } from '../../lab/units.ts'
import { wrap } from '../../terminal/width.ts'
import { createContext } from '../context.ts'
import { type Exit, exits, Stop } from '../exit.ts'
import { tool } from '../grade/classroom.ts'
import type { Common } from '../options.ts'
import { labId } from '../session.ts'
import { reasonOf } from '../unwritable.ts'

export interface SubmitOptions extends Common {
  readonly student?: string
  readonly out?: string
}

/** Looks at everything that the lab's checks are about, and writes it with the record into one file to hand in. */
export async function submit(given: string | undefined, options: SubmitOptions): Promise<Exit> {
  const context = await createContext(options)
  const { world, store, workspace, out, teller, course, signal } = context
  const { say, of } = out
  try {
    const student = options.student ?? userInfo().username
    if (!isStudentId(student)) throw new Stop(exits.usage, say.grading.badStudentId(student))
    const lab = await context.lab(labId(context, given))
    const exam = { course, lab, kinds }
    const machine = { reader: world.reader, probe: world.probe, recordDir: store.dir, workspace }
    const evidence = await collect(exam, machine, {
      ...{ tool, student, digest: await labDigest(lab.dir, world.reader), settleMs: 5000 },
      ...{ now: world.now, sleep: world.sleep, signal },
    })
    const packed = pack(evidence)
    const file = resolve(options.out ?? `${student}-${lab.id}.labz`)
    await writeFile(file, packed).catch(error => {
      const why = reasonOf(error, say)
      throw why === null ? error : new Stop(exits.environment, say.grading.unwritable(file, why))
    })
    const { checks } = await evaluateEvidence(exam, evidence, 'recorded')
    const passed = checks.filter(each => each.status === 'passed')
    const open = checks.filter(each => !passed.includes(each) && each.kind !== 'manual')
    if (options.json)
      out.print(
        JSON.stringify({
          lab: lab.id,
          student,
          file,
          bytes: packed.byteLength,
          passed: passed.length,
          open: open.map(each => `${each.step}/${each.id}`),
        }),
      )
    else {
      out.print(say.grading.submitted(file, showSize(packed.byteLength)))
      const tell = (text: string) => teller.print(wrap(text, teller.look.columns))
      if (options.student === undefined)
        tell(say.grading.submittedAs(student, context.commandFor(`submit ${lab.id} --student ID`)))
      tell(say.grading.submitHolds(Object.keys(evidence.looks).length))
      tell(say.grading.submitNow(passed.length, passed.length + open.length))
      if (open.length > 0) tell(say.grading.submitOpen(open.map(each => of(each.title)).join(', ')))
    }
    return exits.done
  } catch (error) {
    if (signal.aborted) return exits.interrupted
    throw error
  } finally {
    context.close()
  }
}
