import type { Text } from '../lab/lab.ts'

const meanings: Readonly<Record<number, Text>> = {
  0: {
    ko: '할 일을 마쳤거나, 멈추라는 요청(`docker stop`)에 따라 끝났다는 뜻이에요',
    en: 'it finished its work, or obeyed when it was asked to stop (`docker stop`)',
  },
  1: {
    ko: '프로그램이 성공하지 못했다고 알리고 끝났다는 뜻이에요',
    en: 'the program itself says that it did not succeed',
  },
  2: { ko: '명령을 쓴 방법이 잘못됐다는 뜻일 때가 많아요', en: 'often a sign that the command was written wrongly' },
  125: { ko: 'Docker가 컨테이너를 띄우지 못했다는 뜻이에요', en: 'Docker itself could not start the container' },
  126: { ko: '파일은 있지만 실행할 수 없다는 뜻이에요', en: 'the file is there but cannot be executed' },
  127: { ko: '명령을 찾지 못했다는 뜻이에요', en: 'the command was not found' },
  128: { ko: 'git이 더 진행할 수 없어서 멈췄다는 뜻이에요', en: 'git could not go on' },
  130: { ko: 'Ctrl-C로 멈췄다는 뜻이에요', en: 'it was interrupted with Ctrl-C' },
  134: { ko: '프로그램이 스스로 비정상 종료했다는 뜻이에요', en: 'the program aborted itself' },
  137: { ko: '강제 종료(SIGKILL)됐다는 뜻이에요', en: 'it was killed (SIGKILL)' },
  139: { ko: '프로그램이 잘못된 메모리를 건드려 죽었다는 뜻이에요', en: 'it crashed on a memory error' },
  143: { ko: '종료 요청(SIGTERM)을 받고 끝났다는 뜻이에요', en: 'it was asked to end (SIGTERM)' },
  255: { ko: '시작 파일의 형식이 맞지 않을 때 자주 나오는 값이에요', en: 'often a start file in the wrong format' },
}

/** What an exit code means: a clause for `종료 코드 N은 …` and `exit code N means: …`. */
export function exitMeaning(exit: number): Text {
  return (
    meanings[exit] ?? {
      ko: '프로그램마다 뜻이 다른 값이에요',
      en: 'the program gives this number a meaning of its own',
    }
  )
}
