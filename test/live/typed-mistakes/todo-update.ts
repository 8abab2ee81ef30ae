import { build, type Learner, removeLatest, run, slip } from './slip.ts'

const korean = "sed -i.bak 's/No items yet! Add one above!/할 일이 없어요! 위에서 추가해 보세요!/' src/static/js/app.js"

export const todoUpdate: Learner = {
  lab: 'todo-update',
  after: 'todo-app',
  language: 'ko',
  shell: 'zsh',
  steps: {
    edit: {
      mistakes: [
        slip(
          'without cd',
          korean,
          'file.in-wrong-folder',
          '같은 이름의 파일이 getting-started-app/src/static/js/app.js에 있어요',
        ),
        slip(
          'a slip in cd',
          'cd getting-startd-app',
          'shell.folder-missing',
          '혹시 getting-started-app 폴더인가요?',
          'cd getting-started-app',
        ),
        slip(
          'another text',
          "sed -i.bak 's/Add Item/할 일 추가/' src/static/js/app.js",
          'state.mismatch',
          '남아 있으면 안 되는 내용',
        ),
      ],
      right: [korean],
    },
    build: {
      mistakes: [
        slip('another tag', 'docker build -t getting-started:v2 .', 'image.stale', '고치기 전의 내용이라서'),
        slip(
          'another folder',
          'docker build -t getting-started src',
          'build.wrong-folder',
          '빌드하려는 폴더 src에는 Dockerfile이 없고',
        ),
        slip('the Korean keyboard', '애찯ㄱ 뭉ㅣㅇ', 'shell.odd-letters', '영문으로 치면 docker예요'),
      ],
      right: [build],
    },
    conflict: {
      mistakes: [
        slip(
          'another port',
          'docker run -d -p 127.0.0.1::3000 getting-started',
          'state.mismatch',
          '기대와 달라요',
          removeLatest,
        ),
      ],
      right: [run],
    },
    leftover: {
      mistakes: [
        slip(
          'started instead',
          'docker start {conflict.leftover}',
          'port.taken-by-container',
          '호스트의 3000번 포트는 이미',
        ),
        slip(
          'the one that runs',
          'docker rm {conflict.container}',
          'container.running',
          '아직 실행 중이라 지울 수 없어요',
        ),
        slip(
          'the name of the image',
          'docker rm getting-started',
          'container.missing',
          'getting-started라는 컨테이너가 없어요',
        ),
      ],
      right: ['docker rm {conflict.leftover}'],
    },
    remove: {
      mistakes: [
        slip('not stopped', 'docker rm {conflict.container}', 'container.running', '아직 실행 중이라 지울 수 없어요'),
        slip('a placeholder', 'docker stop <컨테이너ID>', 'shell.placeholder', '그대로 입력됐어요'),
      ],
      right: ['docker stop {conflict.container}', 'docker rm {conflict.container}'],
    },
    run: {
      mistakes: [
        slip(
          'no -p',
          'docker run -d getting-started',
          'port.not-published',
          '호스트로 열어 둔 포트가 없어요',
          removeLatest,
        ),
        slip(
          '-p after the image',
          'docker run -d getting-started -p 127.0.0.1:3000:3000',
          'command.not-in-image',
          '이미지 이름 뒤에 써서',
          removeLatest,
        ),
        slip(
          'the old image',
          'docker run -d -p 127.0.0.1:3000:3000 {conflict.image}',
          'container.missing',
          'getting-started 이미지로 만든 컨테이너가 하나도 없어요',
          'docker rm -f $(docker ps -q --filter publish=3000)',
        ),
      ],
      right: [run],
    },
  },
}
