/** A lab to begin with: small, right, in both languages, and without an engine. Pure. */

/** By path within the lab's folder. */
export function skeleton(id: string): Record<string, string> {
  return { 'lab.yaml': labYaml(id), 'ko.md': ko, 'en.md': en, 'solution/shopping.txt': 'milk\nbread\n' }
}

export function courseYaml(id: string, lab: string): string {
  return `id: ${id}\ntitle: { ko: 내 실습, en: My labs }\nlanguage: ko\nlabs: [${lab}]\n`
}

/** course.yaml with one more lab at the end, all else as it was; `null` where the list is written in another way. */
export function withLab(course: string, id: string): string | null {
  const flow = /^(labs: *\[)([^\][#\n]*?)( *\] *(?:#.*)?)$/m
  const inLine = flow.exec(course)
  if (inLine) {
    const before = inLine[2]!.trim().replace(/,$/, '')
    return course.replace(
      flow,
      (_, open: string, __, end: string) => `${open}${before === '' ? id : `${before}, ${id}`}${end}`,
    )
  }
  const block = /^labs: *\n(?:( *)- .*\n)+/m.exec(course.endsWith('\n') ? course : `${course}\n`)
  if (!block) return null
  const text = course.endsWith('\n') ? course : `${course}\n`
  const end = block.index + block[0].length
  return `${text.slice(0, end)}${block[1]}- ${id}\n${text.slice(end)}`
}

function labYaml(id: string): string {
  return `# yaml-language-server: $schema=../lab.schema.json
# The lab ${id}. \`lab lint\` looks for mistakes in these files, \`lab test ${id}\` plays and proves them.
format: 1
title: { ko: 새 실습, en: A new lab }
level: beginner
minutes: 5
steps:
  - id: greet
    title: { ko: 인사말 남기기, en: Leave a greeting }
    commands:
      - { id: greet, run: echo hello > greeting.txt }
    checks:
      - id: greeted
        title: { ko: greeting.txt에 인사말이 있어요, en: greeting.txt has the greeting }
        check: file
        path: greeting.txt
        expect: { text: { $contains: hello } }
    hints:
      - on: state.mismatch
        text:
          ko: "\`cat greeting.txt\`로 무엇이 들어 있는지 보세요. 대문자와 소문자는 서로 달라요."
          en: See what is in it with \`cat greeting.txt\`. Capital and small letters differ.
      - after: 2
        text:
          ko: "\`ls\`로 greeting.txt가 작업 폴더에 있는지 보세요. \`>\` 다음이 파일의 이름이에요."
          en: See with \`ls\` whether greeting.txt is in the workspace. What follows \`>\` is the name of the file.
    # Wrong ways that the check above must notice, and the cause that must be named.
    mistakes:
      - { id: other-text, run: echo HELLO > greeting.txt, cause: state.mismatch }

  - id: list
    title: { ko: 장볼 목록 쓰기, en: Write a shopping list }
    edits:
      - { file: shopping.txt, solution: solution/shopping.txt }
    checks:
      - id: listed
        title: { ko: shopping.txt에 milk와 bread가 있어요, en: shopping.txt has milk and bread }
        check: file
        path: shopping.txt
        expect: { text: { $match: "(?m)^milk$", $contains: bread } }
    hints:
      - after: 2
        text:
          ko: 한 줄에 하나씩 썼는지, 파일을 저장했는지 보세요.
          en: Is there one thing on each line, and did you save the file?
    mistakes:
      - { id: half, run: echo milk > shopping.txt, cause: state.mismatch }
`
}

const ko = `이 실습에서 무엇을 왜 하는지 두세 문장으로 적어요.

## 인사말 남기기 {#greet}

\`echo\`는 뒤에 온 말을 그대로 출력하고, \`>\`는 그 출력을 파일에 넣어요.

\`\`\`bash run=greet
echo hello > greeting.txt
\`\`\`

## 장볼 목록 쓰기 {#list}

편집기로 작업 폴더에 \`shopping.txt\`를 만들고, \`milk\`와 \`bread\`를 한 줄에 하나씩 적어요.

## 돌아보기 {#debrief}

무엇을 알게 됐는지 적어요.
`

const en = `Say in two or three sentences what this lab is about, and why.

## Leave a greeting {#greet}

\`echo\` prints what follows it, and \`>\` puts that into a file.

\`\`\`bash run=greet
echo hello > greeting.txt
\`\`\`

## Write a shopping list {#list}

In your editor, make \`shopping.txt\` in the workspace, and write \`milk\` and \`bread\` into it, one on each line.

## Looking back {#debrief}

Say what there was to learn.
`
