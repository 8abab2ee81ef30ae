/**
 * What can be wrong with a course's files, in both languages. The codes are stable: `lab lint --json` gives them. A fix,
 * where there is one, is added as "(did you mean …?)". `warning`: the lab runs all the same.
 */
export const messages = {
  // files and YAML
  'no-file': { ko: '파일이 없어요: {file}', en: 'there is no file {file}' },
  'too-large': { ko: '파일이 너무 커요 (최대 {limit} KiB)', en: 'the file is larger than {limit} KiB' },
  'yaml-tab': { ko: '탭은 쓸 수 없어요. 공백으로 들여 쓰세요', en: 'a TAB cannot be used here: indent with spaces' },
  'yaml-duplicate-key': { ko: '같은 키가 두 번 나와요', en: 'the same key is there twice' },
  'yaml-syntax': { ko: 'YAML 문법이 맞지 않아요: {detail}', en: 'this is not valid YAML: {detail}' },
  'yaml-alias': { ko: '앞에 없는 별칭이에요: *{detail}', en: 'no anchor before this alias: *{detail}' },
  'yaml-alias-cycle': { ko: '별칭이 자기 자신을 담고 있어요: *{detail}', en: 'this alias contains itself: *{detail}' },
  'yaml-alias-bomb': { ko: '별칭을 풀면 너무 커져요: *{detail}', en: 'this alias expands to too much: *{detail}' },
  'yaml-too-deep': { ko: '{detail}단계보다 깊게 들어갔어요', en: 'nested deeper than {detail} levels' },
  'yaml-key': { ko: '이런 키는 쓸 수 없어요', en: 'this cannot be a key' },
  'unquoted-version': {
    ko: '따옴표가 없어서 YAML이 숫자로 읽어요: {value}',
    en: 'without quotes YAML reads this as the number {value}',
  },
  'unquoted-mode': {
    ko: '파일 모드는 따옴표 안에 8진수로 쓰세요',
    en: 'a file mode is written in octal and in quotes',
  },
  'unquoted-number': {
    ko: '따옴표가 없어서 YAML이 숫자로 읽어요: {value}',
    en: 'without quotes YAML reads this as the number {value}',
  },
  'yaml-boolean': {
    ko: 'YAML은 이것을 참·거짓으로 읽어요. 문자열이면 따옴표를, 참·거짓이면 소문자를 쓰세요',
    en: 'YAML reads this as a boolean: quote a text, write a boolean in small letters',
  },
  'yaml-word': {
    warning: true,
    ko: 'YAML 1.2에서는 참·거짓이 아니라 문자열이에요: {source}',
    en: '{source} is a text in YAML 1.2, not a boolean',
  },

  // fields
  'unknown-field': { ko: '모르는 필드예요: {name}', en: 'unknown field {name}' },
  'comma-in-braces': {
    ko: '중괄호 안에서는 쉼표가 값을 끝내요. 값 전체를 따옴표로 감싸세요',
    en: 'inside braces a comma ends a text: put the whole of it in quotes',
  },
  'missing-field': { ko: '필드가 빠졌어요: {name}', en: '{name} is missing' },
  'missing-one-of': { ko: '이 중 하나는 있어야 해요: {names}', en: 'one of these is needed: {names}' },
  'bad-value': { ko: '쓸 수 있는 값: {allowed}', en: 'this must be one of: {allowed}' },
  'bad-id': {
    ko: 'id에는 소문자, 숫자, 붙임표(-)만 써요',
    en: 'an id consists of small letters, digits and single hyphens',
  },
  'bad-name': {
    ko: '이름은 글자로 시작하고 글자, 숫자, _, -만 써요',
    en: 'a name starts with a letter and consists of letters, digits, _ and -',
  },
  'bad-duration': { ko: '시간은 `500ms`, `20s`, `2m30s`처럼 써요', en: 'a duration looks like 500ms, 20s or 2m30s' },
  'bad-size': { ko: '크기는 `500Mi`, `2Gi`처럼 써요', en: 'a size looks like 500Mi or 2Gi' },
  'bad-version': { ko: '버전 범위는 ">=20.10"이나 "*"처럼 써요', en: 'a version range looks like ">=20.10" or "*"' },
  'bad-port': { ko: '포트는 1부터 65535까지의 정수예요', en: 'a port is a whole number from 1 to 65535' },
  'bad-count': { ko: '0 이상의 정수를 쓰세요', en: 'this must be a whole number, 0 or more' },
  'bad-points': {
    ko: '점수는 0 이상의 수예요 (소수점 아래 세 자리까지)',
    en: 'points are a number, 0 or more, with at most three decimals',
  },
  'bad-share': { ko: '0부터 1까지의 수를 쓰세요', en: 'a share is a number from 0 to 1' },
  'bad-score': { ko: '`sum`, `all`, `max`, `best:2` 중 하나로 쓰세요', en: 'this is sum, all, max or best:2' },
  'bad-minutes': { ko: '1 이상의 정수(분)를 쓰세요', en: 'this must be a whole number of minutes, 1 or more' },
  'bad-exit': { ko: '종료 코드는 0부터 255까지의 정수예요', en: 'an exit code is a whole number from 0 to 255' },
  'bad-integer': {
    ko: '정수나, 따옴표 안의 이름 하나를 쓰세요',
    en: 'this must be a whole number, or one name in braces and quotes',
  },
  'empty-text': { ko: '내용이 비어 있어요', en: 'this text is empty' },
  'empty-list-here': { ko: '하나 이상 있어야 해요', en: 'at least one is needed here' },
  'empty-hint': { ko: '힌트가 비어 있어요', en: 'this hint is empty' },

  // names that must be known
  'unknown-kind': { ko: '모르는 확인 종류예요: {name}', en: 'unknown kind of check: {name}' },
  'unknown-cause': { ko: '모르는 원인 코드예요: {name}', en: 'unknown cause: {name}' },
  'unknown-name': { ko: '모르는 이름이에요: {written}', en: 'nothing is called {written}' },
  'bare-name': {
    ko: '점이 없는 이름은 채워지지 않아요: {written}',
    en: '{written} stands for nothing: a name has a dot, such as vars.port',
  },
  'capture-too-early': {
    ko: '아직 없는 값이에요. `{step}` 단계가 끝나야 생겨요: {written}',
    en: '{written} is known only after the step {step}',
  },
  'unknown-check': { ko: '이 단계에 없는 확인이에요: {name}', en: 'this step has no check {name}' },
  'needs-other-step': {
    ko: '다른 단계(`{step}`)의 확인이에요: {name}',
    en: '{name} belongs to another step, {step}: needs is for checks of the same step',
  },
  'needs-cycle': { ko: '확인끼리 서로 기다려요: {names}', en: 'these checks wait for each other: {names}' },
  'unknown-step': { ko: '없는 단계예요: {name}', en: 'there is no step {name}' },
  'until-not-later': {
    ko: '`until`에는 뒤에 오는 단계를 쓰세요: {name}',
    en: 'until names a later step; {name} is not',
  },
  'duplicate-id': { ko: '이미 쓴 id예요 ({line}번째 줄): {id}', en: 'the id {id} is taken, on line {line}' },
  'unknown-lab': { ko: '없는 실습이에요: {name}', en: 'there is no lab {name}' },
  'lab-needs-cycle': { ko: '실습끼리 서로 기다려요: {names}', en: 'these labs need each other: {names}' },
  'lab-needs-later': {
    warning: true,
    ko: '코스 순서로는 뒤에 오는 실습이에요: {name}',
    en: '{name} comes later in the course',
  },
  'lab-not-in-course': {
    ko: 'course.yaml의 labs에 없는 실습이에요: {name}',
    en: 'the lab {name} is not listed in course.yaml',
  },

  // checks
  'gone-and-not': { ko: '`gone`과 `not`은 함께 쓸 수 없어요', en: 'gone and not cannot be used together' },
  'within-below-every': {
    ko: '`within`({within})이 `every`({every})보다 짧아요',
    en: 'within ({within}) is shorter than every ({every})',
  },
  'no-birth': {
    ko: '{kind}에는 `since`를 쓸 수 없어요. 언제 생겼는지 알 수 없어요',
    en: 'since cannot be used with {kind}: it does not say when it came to be',
  },
  'no-cluster': {
    ko: '{kind}에는 클러스터가 필요해요. lab.yaml에 `cluster: 이름`을 쓰세요',
    en: '{kind} looks at a cluster: name it in lab.yaml with cluster: NAME',
  },
  'empty-expect': { ko: '빈 조건은 무엇이든 통과시켜요', en: 'an empty expectation fits anything' },
  'empty-list': {
    ko: '빈 목록은 무엇이든 통과시켜요. 비어 있어야 하면 `$exactly: []`를 쓰세요',
    en: 'an empty list fits any list: for one that must be empty write $exactly: []',
  },
  'all-of-nothing': {
    ko: '`$all`은 빈 목록에서도 통과해요. `$count`나 `$length`를 함께 쓰세요',
    en: '$all fits an empty list: add $count or $length',
  },
  'cannot-fail': {
    ko: '이 확인은 실패할 수 없어요. 무엇을 볼지, 어때야 하는지 쓰세요',
    en: 'this check cannot fail: say what to look at or what to expect',
  },
  'not-at-once': {
    warning: true,
    ko: '아직 나타나지 않았어도 바로 통과해요. `for`를 쓰거나 `within: 0s`로 하세요',
    en: 'this passes at once if the thing has not appeared yet: add for, or within: 0s',
  },
  'bad-expression': { ko: '식을 읽을 수 없어요: {detail}', en: 'this expression does not compile: {detail}' },

  // steps
  'no-way': {
    ko: '이 단계를 할 방법이 없어요. commands, edits, solve, manual 중 하나를 쓰세요',
    en: 'no machine can do this step: give it commands, edits, solve, or manual with a reason',
  },
  'no-checks': { ko: '이 단계에는 확인이 없어요', en: 'this step has no checks' },
  'no-solution': { ko: '정답 파일이 없어요: {file}', en: 'there is no solution file {file}' },
  'outside-workspace': { ko: '작업 폴더 밖의 경로예요: {file}', en: '{file} is outside the workspace' },
  'outside-lab': { ko: '실습 폴더 밖의 경로예요: {file}', en: '{file} is outside the folder of the lab' },

  'points-differ': {
    ko: '점수를 모두 더하면 {sum}점이에요',
    en: 'the points add up to {sum}',
  },

  // classes
  'unknown-target': { ko: '없는 대상이에요: {name}', en: 'there is no target {name}' },
  'unknown-column': { ko: '명단에 없는 열이에요: {name}', en: 'the roster has no column {name}' },
  'bad-date': { ko: '날짜는 `2026-03-01T23:00`처럼 써요', en: 'a date looks like 2026-03-01T23:00' },
  'no-such-date': { ko: '달력에 없는 날짜나 시각이에요', en: 'there is no such day or time' },
  'small-size': { ko: '1MiB보다 작을 수 없어요', en: 'this must be 1MiB or more' },
  'duplicate-assignment': { ko: '같은 id의 과제가 또 있어요: {id}', en: 'there are two assignments {id}' },
  'bad-timezone': {
    ko: '모르는 시간대예요: {name}. `Asia/Seoul`처럼 써요',
    en: 'there is no time zone {name}; one looks like Asia/Seoul',
  },
  'bad-digest': { ko: '요약값은 `sha256:`과 64자리 16진수예요', en: 'a digest is sha256: and 64 hexadecimal digits' },

  // images
  'image-not-listed': { ko: 'images에 없는 이미지예요: {image}', en: '{image} is not listed in images' },
  'image-in-files': {
    warning: true,
    ko: 'images에 없는 이미지예요: {image}',
    en: '{image} is not listed in images',
  },
  'image-not-pinned': { ko: '이미지 버전을 고정하세요: {image}', en: '{image} is not pinned to a version' },
  'image-not-used': { warning: true, ko: '쓰이지 않는 이미지예요: {image}', en: '{image} is not used' },

  // tools
  'engine-not-required': {
    ko: '{tool} 명령이나 확인이 있으니 `requires`의 tools에도 적어야 해요. 그래야 만든 것을 다시 지울 수 있어요',
    en: 'this lab uses {tool}, so name it in the tools of `requires`: without that, what the lab makes there cannot be cleaned up',
  },

  // prose
  'no-prose': { ko: '본문 파일이 없어요: {file}', en: 'the text is missing: {file}' },
  'missing-section': { ko: '`{name}` 단계의 본문이 없어요', en: 'the step {name} has no section here' },
  'missing-intro': { ko: '다른 언어에는 있는 소개 글이 없어요', en: 'the other language has an introduction' },
  'missing-debrief': { ko: '다른 언어에는 있는 마무리 글(debrief)이 없어요', en: 'the other language has a debrief' },
  'section-order': {
    ko: '단계와 순서가 달라요: `{name}` 앞에 `{before}` 단계가 와야 해요',
    en: 'not in the order of the steps: {before} comes before {name}',
  },
  'duplicate-section': { ko: '본문이 두 번 나와요: {name}', en: 'there are two sections {name}' },
  'section-without-id': { ko: '제목에 단계 id가 없어요', en: 'this heading names no step: add {#step-id}, or use ###' },
  'unclosed-fence': { ko: '코드 블록이 닫히지 않았어요', en: 'this code fence is never closed' },
  'command-differs': {
    ko: 'lab.yaml의 명령과 달라요: {id}. `lab lint --fix`가 고쳐 줘요',
    en: 'differs from the command {id} in lab.yaml; `lab lint --fix` corrects it',
  },
  'command-not-shown': {
    ko: '{file}의 이 단계 본문에 없는 명령이에요: {id}',
    en: 'the command {id} is not shown in its section of {file}',
  },
  'command-elsewhere': {
    ko: '다른 단계의 명령이에요: {id} (`{step}`)',
    en: 'the command {id} belongs to the step {step}',
  },
  'unknown-command': { ko: 'lab.yaml에 없는 명령이에요: {id}', en: 'lab.yaml has no command {id}' },
} as const satisfies Record<string, { readonly ko: string; readonly en: string; readonly warning?: true }>

export type Code = keyof typeof messages

type Slots<Text> = Text extends `${string}{${infer Name}}${infer Rest}` ? Slot<Name> | Slots<Rest> : never
type Slot<Name> = Name extends `#${string}` ? never : Name

/** What a message needs to know. */
export type Details<C extends Code> = { readonly [K in Slots<(typeof messages)[C]['en']>]: string | number }
