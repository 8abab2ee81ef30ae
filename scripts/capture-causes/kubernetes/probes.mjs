import { deployment, event, podsReady, restarted, rollout, shell } from './parts.mjs'

// Containers that run and are not taken for ready, or are killed for it.

const readiness = (name, probe, container = {}) => ({
  name: `ready-${name}`,
  objects: [deployment({ ...container, readinessProbe: { periodSeconds: 1, ...probe } })],
  until: event('Readiness probe (failed|errored)'),
  takes: [rollout('pod.not-ready.probe', `${name}-rollout`)],
})
const killing = (name, kind, probe, container = {}) => ({
  name: `kill-${name}`,
  objects: [deployment({ ...container, [kind]: { periodSeconds: 1, failureThreshold: 2, ...probe } })],
  until: restarted('[2-9]'),
  // Between two restarts it is Ready.
  takes: [podsReady('pod.killed-by-liveness', `${name}-pods`, 'app=web', { restarts: 0 })],
})

export const probes = [
  {
    ...readiness('404', { httpGet: { path: '/healthz', port: 80 } }),
    takes: [rollout('pod.not-ready.probe', '404-rollout'), podsReady('pod.not-ready.probe', '404-pods')],
  },
  readiness('refused', { tcpSocket: { port: 8080 } }),
  readiness('no-program', { exec: { command: ['healthcheck'] } }),
  killing('404', 'livenessProbe', { httpGet: { path: '/healthz', port: 80 } }),
  killing('refused', 'livenessProbe', { httpGet: { path: '/', port: 8080 } }),
  // Does not obey TERM: killed by force.
  killing('stubborn', 'livenessProbe', { exec: { command: ['false'] } }, shell('sleep 3600')),
  killing('startup', 'startupProbe', { httpGet: { path: '/', port: 8080 } }),
]
