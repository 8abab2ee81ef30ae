import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { ClusterReader, DockerReader } from '../../src/check/reader.ts'
import { listening, parseLsof } from '../../src/world/listeners.ts'
import { createReader } from '../../src/world/reader.ts'
import { serveTcp } from '../helpers/serve.ts'

const header = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n'
const rest = '00000000:00000000 00:00000000 00000000     0        0'

describe('/proc/net/tcp', () => {
  test.each([
    [`   0: 0100007F:0BB8 00000000:0000 0A ${rest} 4242 1 0000 100 0 0 10 0`, '127.0.0.1', 3000],
    [`   1: 00000000:0050 00000000:0000 0A ${rest} 4242 1 0000 100 0 0 10 0`, '0.0.0.0', 80],
    [`   0: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A ${rest} 4242 1`, '::', 8080],
    [
      `   0: 00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000 0A ${rest} 4242 1`,
      '::1',
      8080,
    ],
    [
      `   0: 0000000000000000FFFF00000100007F:1F90 00000000000000000000000000000000:0000 0A ${rest} 4242 1`,
      '127.0.0.1',
      8080,
    ],
    [
      `   0: 000080FE00000000FF005450B8791AFE:01BB 00000000000000000000000000000000:0000 0A ${rest} 4242 1`,
      'fe80::5054:ff:fe1a:79b8',
      443,
    ],
  ])('%s', (line, address, port) => {
    expect(listening(header + line + '\n')).toEqual([{ address, port, inode: '4242' }])
  })

  test('connections are no listeners', () => {
    expect(listening(`${header}   0: 0100007F:0BB8 0100007F:A1B2 01 ${rest} 4242 1\n`)).toEqual([])
    expect(listening('')).toEqual([])
  })
})

test('lsof of macOS', () => {
  const text =
    'p501\ncnode\nf23\nn*:3000\nf24\nn*:3000\nf25\nn127.0.0.1:9229\np777\nccom.docker.backend\nf9\nn[::1]:8080\n'
  expect(parseLsof(text)).toEqual([
    { address: '0.0.0.0', port: 3000, pid: 501, process: 'node' },
    { address: '127.0.0.1', port: 9229, pid: 501, process: 'node' },
    { address: '::1', port: 8080, pid: 777, process: 'com.docker.backend' },
  ])
})

test('our own server is found', async () => {
  const reader = createReader(process.env, {} as DockerReader, {} as ClusterReader)
  const port = await serveTcp(() => {})
  const found = (await reader.listeners())!.filter(each => each.port === port)
  expect(found).toHaveLength(1)
  expect(found[0]).toMatchObject({ address: '127.0.0.1', port, pid: process.pid })
  if (process.platform === 'linux') expect(found[0]!.process).toBe(readFileSync('/proc/self/comm', 'utf8').trim())
})
