import type { Kind } from '../kind.ts'
import { dockerContainer } from './docker-container.ts'
import { dockerContainerLogs } from './docker-container-logs.ts'
import { dockerImage } from './docker-image.ts'
import { dockerImageFile } from './docker-image-file.ts'
import { dockerfile } from './dockerfile.ts'
import { file } from './file.ts'
import { http } from './http.ts'
import { tcp } from './tcp.ts'

/** Every check kind by its name. A new kind is a file beside this one and a line here. */
export const kinds: Readonly<Record<string, Kind>> = Object.fromEntries(
  [file, dockerfile, tcp, http, dockerImage, dockerImageFile, dockerContainer, dockerContainerLogs].map(kind => [
    kind.name,
    kind,
  ]),
)
