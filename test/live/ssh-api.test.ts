import { describe, expect, test } from 'vitest'
import { live } from '../helpers/live.ts'
import { until } from '../helpers/until.ts'
import { apiServer, configFolder, configText, pods } from '../world/kubernetes/api-server.ts'
import { closedPort, codeOf, problemOf, sshScene } from './sshd.ts'

live('sshd')('clusters over ssh', () => {
  const scene = sshScene()

  describe('an API server there', () => {
    const machineWith = async (text: string, limitBytes = 1024 * 1024) => {
      const { write } = configFolder()
      return await scene.connected({ kubeconfig: write('a config', text), limitBytes })
    }

    test('answers; what is shown is what is written there', async () => {
      const server = await apiServer()
      server.put('web')
      const { reader } = await machineWith(configText(server.port))
      const config = await reader.cluster.config()
      expect(config.contexts).toMatchObject([{ name: 'lab', server: `https://127.0.0.1:${server.port}` }])
      expect(config.contexts[0]?.authority).toMatch(/^[0-9a-f]{16}$/)
      expect((await reader.cluster.list(pods))?.map(each => each.metadata.name)).toEqual(['web'])
      const look = reader.cluster.live()
      let woken = 0
      const stopping = new AbortController()
      await look.list(pods)
      look.watch(() => woken++, stopping.signal)
      await until(() => server.watches.size > 0)
      const before = woken
      server.put('second')
      await until(() => woken > before)
      expect((await look.list(pods))?.length).toBe(2)
      stopping.abort()
      expect([...server.methods]).toEqual(['GET'])
    })

    test('is asked anew where its kubeconfig was written anew', async () => {
      const [first, second] = [await apiServer(), await apiServer()]
      first.put('one')
      second.put('two')
      const { write } = configFolder()
      const kubeconfig = write('config', configText(first.port))
      const { reader } = await scene.connected({ kubeconfig })
      expect((await reader.cluster.list(pods))?.[0]?.metadata.name).toBe('one')
      write('config', configText(second.port))
      await reader.cluster.config()
      expect((await reader.cluster.list(pods))?.[0]?.metadata.name).toBe('two')
    })

    test.each([
      ['by its own name', { 'tls-server-name': 'api.lab' }, null],
      ['by an address', { 'tls-server-name': '::1' }, null],
      ['as localhost', { server: 'https://localhost:PORT' }, null],
      ['not by another name', { 'tls-server-name': 'elsewhere' }, 'k8s.certificate'],
      ['not by another address', { 'tls-server-name': '127.0.0.2' }, 'k8s.certificate'],
      [
        'not by the address that it listens on, where its certificate has another',
        { server: 'https://127.0.0.3:PORT' },
        'k8s.certificate',
      ],
      ['not as somebody else', { 'proxy-url': 'http://127.0.0.1:9' }, 'ssh.kubeconfig'],
    ])('is believed %s', async (_, change, code) => {
      const server = await apiServer({}, '0.0.0.0')
      const cluster = JSON.parse(JSON.stringify(change).replace('PORT', String(server.port)))
      const { reader } = await machineWith(configText(server.port, cluster))
      expect((await problemOf(reader.cluster.list(pods)))?.code ?? null).toBe(code)
    })

    test('is not there, or says too much', async () => {
      const closed = await closedPort()
      const server = `https://127.0.0.1:${closed}`
      const { reader } = await machineWith(configText(closed))
      expect(await problemOf(reader.cluster.list(pods))).toMatchObject({
        code: 'k8s.unreachable',
        evidence: { context: 'lab', server },
      })
      const talks = await apiServer()
      talks.put('web', { spec: { text: 'x'.repeat(20_000) } })
      const small = await machineWith(configText(talks.port), 10_000)
      expect(await problemOf(small.reader.cluster.list(pods))).toMatchObject({ code: 'k8s.error' })
    })

    test('of a kubeconfig that is none, or is not there', async () => {
      const broken = await machineWith('a: [')
      expect(await codeOf(broken.reader.cluster.config())).toBe('k8s.bad-kubeconfig')
      const { reader } = await scene.connected({ kubeconfig: '/no/such/config' })
      expect(await reader.cluster.config()).toEqual({ current: null, contexts: [], files: [] })
      expect(await codeOf(reader.cluster.list(pods))).toBe('k8s.no-context')
    })
  })
})
