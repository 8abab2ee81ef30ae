/** What `lab grade` and `lab submit` say, in English. */
export const gradingEn = {
  noClass: (file: string) =>
    `There is no ${file}. Write one (docs/grading.md shows how), or name it with --class FILE.`,
  noAssignment: (id: string) => `The class has no assignment ${id}.`,
  theAssignmentsAre: (ids: string) => `The assignments: ${ids}`,
  noStudent: (id: string) => `Nobody in the roster has the id ${id}.`,
  seeRoster: 'See the column id of the roster.',
  nobody: 'Nobody is left to be graded: the choice fits no student of the roster.',
  labChanged: (expected: string, seen: string) =>
    `The lab is not the one that the class file names. Expected ${expected}, this one is ${seen}.`,
  emptyRoster: 'There is nobody in the roster.',
  noLocalFile: (field: string, path: string) =>
    `There is no ${path}, which class.yaml names as ${field} of a target. ${field === 'knownHosts' ? 'ssh-keyscan -p PORT HOST prints keys; compare them with those of the machines before you put them in.' : 'See the path.'}`,
  noHidden: (dir: string) => `There is no lab with hidden checks at ${dir}. Correct hidden: in the class file.`,
  hiddenBroken: (dir: string) => `The hidden checks cannot be used: ${dir}`,
  hiddenRepeats: (steps: string, lab: string, hidden: string) =>
    `The lab ${lab} and its hidden checks ${hidden} both have a step ${steps}. Give the hidden one another id.`,
  noRun: (command: string, dir: string) => `Nothing has been graded yet in ${dir}. To grade: ${command}`,
  brokenRun: (file: string) => `${file} cannot be read. Name another run with --run, or grade again.`,
  noSubmissions: (path: string, why: string) =>
    `What was handed in cannot be looked at. ${path}: ${why}. See path under targets in class.yaml.`,
  noFile: (reason: string) =>
    reason === 'ENOENT'
      ? 'there is no such file or folder'
      : /zip/.test(reason)
        ? 'it is no zip file, or was cut off'
        : reason,
  unwritable: (path: string, why: string) =>
    `${path} could not be written: ${why}. Put that right, then run the same command again.`,
  noSpace: 'the disk is full',
  noFolder: 'there is no such folder',
  isFolder: 'it is a folder, not a file',
  noSuchRun: (id: string) => `There is no run ${id}.`,
  theRunsAre: (ids: string) => `The runs: ${ids}`,
  resuming: (id: string, done: number, all: number) => `Going on with run ${id}: ${done} of ${all} are done.`,
  running: (id: string, all: number) => `Run ${id}: ${all} students.`,
  progress: (done: number, all: number) => `${done}/${all}`,
  interrupted: (command: string) => `Interrupted. What is done is kept; to go on: ${command}`,
  networkDown:
    'More than 30 % of the last 50 students could not be reached: that is this network, not the students. The rest was not tried.',
  goOn: (command: string) => `To go on later: ${command}`,
  collected: 'collected',
  counted: (count: number, state: string) => `${count} ${state}`,
  ungradedNext: (command: string) => `To look again at those who could not be looked at: ${command}`,
  manualNext: (command: string) => `To give the points that a person decides: ${command}`,
  heldNext: (command: string, release: string) =>
    `Held students need a person: ${command}\nTo release one after that: ${release}`,
  reportNext: (command: string) => `Reports: ${command}`,
  refusedEntries: (count: number) => `Not taken of what was handed in (${count}):`,
  belowLimit: (count: number, limit: number) => `${count} below ${limit} %.`,
  noChange: 'Nobody changes.',
  columns: { student: 'student', state: 'state', points: 'points', final: 'final', before: 'before', after: 'after' },
  noResult: (id: string) => `${id} has no result in this run.`,
  noCheck: (id: string) => `The result has no check ${id}.`,
  theChecksAre: (ids: string) => `The checks: ${ids}`,
  looks: 'looked at',
  levels: { live: 'seen by the grader', recorded: 'from the record' },
  badFormat: (name: string, all: string) => `There is no format ${name}. The formats: ${all}`,
  wrote: (count: number, dir: string) => `${count} files in ${dir}`,
  ungradedLeftOut: (ids: string) => `Left out, since they have no grade yet: ${ids}`,
  unknownLeftOut: (ids: string) =>
    `Left out, since the roster has nothing by which the platform knows them (canvas_id, sis_user_id, sis_login_id; moodle_idnumber, username, email): ${ids}`,
  badOverride: (field: string, value: string) =>
    `${field} = ${value} cannot be set. Fields: score, state (excused, held, released, clear), due and submitted_at (with the zone: 2026-03-03T23:00:00+09:00), or step/check for points.`,
  reasonNeeded: 'Say why with --reason: it is kept beside the change.',
  overridden: (file: string) => `Added to ${file}. Nothing is looked at again: the next report takes it in.`,
  badNumber: (option: string, least: number, most: number, value: string) =>
    `${option} takes a number from ${least} to ${most}, not ${value}.`,
  labChangedSince: (run: string, command: string) =>
    `The lab was changed after run ${run} began, and one run is not graded by two versions. Put the lab that counts under lab: in class.yaml; then begin a new run, or judge what was collected by it: ${command}`,
  collectedNext: (command: string) => `To judge what was collected: ${command}`,
  otherLab: (lab: string, collected: string) =>
    `What was collected is of the lab ${collected}, and cannot be judged by ${lab}.`,
  evaluated: (id: string, from: string) => `Run ${id}: what ${from} collected, judged again.`,
  interruptedEvaluation: (command: string) => `Interrupted. To begin again: ${command}`,
  notTaken: {
    nobody: 'nobody of the roster',
    link: 'a link',
    outside: 'a name that leads outside',
    encrypted: 'encrypted',
    'too-large': 'too large',
  },
  noCheckInLab: (id: string) => `The lab has no check ${id}.`,
  onlyChosen: (before: string) =>
    `This is a new run, of the chosen students only. To look at them again within the one before, add --run ${before}.`,
  noneFits: (path: string) => `Nothing fits ${path}. See path under targets in class.yaml, and the ids of the roster.`,
  tooManyPoints: (field: string, most: number) => `${field} takes at most ${most} points.`,
  badStudentId: (id: string) => `A student id has letters, digits, dots, underscores and hyphens: ${id}`,
  submitted: (file: string, size: string) => `Wrote ${file} (${size}). Hand it in as it is.`,
  submittedAs: (student: string, command: string) =>
    `It is handed in as ${student}. If your student id is another one: ${command}`,
  submitHolds: (looks: number) =>
    `In it: ${looks} looks at containers, images, files, open ports and objects that the checks are about, and the record of this lab (steps, checks, times). Not what you typed, no keys, no passwords.`,
  submitNow: (passed: number, all: number) => `As it is now, ${passed} of ${all} checks pass.`,
  submitOpen: (checks: string) => `Not yet: ${checks}`,
  unreadableClass: (file: string) => `${file} cannot be read. Check that you have the permission to.`,
}
