import { nearest } from '../../lab/near.ts'
import { field, items, word } from '../cursor.ts'
import { cyclic } from '../cycle.ts'
import type { CourseSource, LabSource } from '../sources.ts'

/** Labs and their order. `folders`: those of the course's folder that hold a lab. */
export function checkCourse(course: CourseSource, labs: readonly LabSource[], folders: readonly string[]): void {
  const order = course.labs.flatMap(at => word(at) ?? [])
  for (const [index, at] of course.labs.entries())
    if (order.indexOf(word(at)!) < index)
      course.report(at, 'duplicate-id', { id: word(at)!, line: course.yaml?.locate(course.labs[0]!.path).line ?? 1 })
  for (const name of folders)
    if (!order.includes(name))
      course.report({ ...field(course.root, 'labs'), part: 'key' }, 'lab-not-in-course', { name })

  const needs = (lab: LabSource) => items(field(lab.root, 'needs'))
  for (const lab of labs)
    for (const at of needs(lab)) {
      const name = word(at)
      if (name === undefined || name === lab.id) continue
      if (!order.includes(name)) lab.report(at, 'unknown-lab', { name }, nearest(name, order))
      else if (order.indexOf(name) > order.indexOf(lab.id)) lab.report(at, 'lab-needs-later', { name })
    }
  const cycle = cyclic(new Map(labs.map(lab => [lab.id, needs(lab).flatMap(at => word(at) ?? [])])))
  const first = labs.find(lab => lab.id === cycle[0])
  first?.report(field(first.root, 'needs'), 'lab-needs-cycle', { names: cycle.join(', ') })
}
