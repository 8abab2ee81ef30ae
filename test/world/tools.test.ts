import { expect, test } from 'vitest'
import { versionIn } from '../../src/world/tools.ts'

test.each([
  ['Docker version 20.10.24+dfsg1, build 297e128\n', '20.10.24'],
  ['Docker version 28.2.2, build e6534b4\n', '28.2.2'],
  ['podman version 4.9.3\n', '4.9.3'],
  ['Docker Compose version v2.26.1-4\n', '2.26.1'],
  ['Docker Compose version 2.26.1-4\n', '2.26.1'],
  ['github.com/docker/buildx v0.23.0 28c90ea\n', '0.23.0'],
  ['git version 2.39.5 (Apple Git-154)\n', '2.39.5'],
  ['git version 2.43.0.windows.1\n', '2.43.0'],
  ['Client Version: v1.32.2\nKustomize Version: v5.5.0\n', '1.32.2'],
  ['Client Version: version.Info{Major:"1", Minor:"21", GitVersion:"v1.21.14", GoVersion:"go1.16.15"}\n', '1.21.14'],
  ['kind version 0.27.0\n', '0.27.0'],
  ['kind v0.27.0 go1.23.6 linux/amd64\n', '0.27.0'],
  ['v20.20.2\n', '20.20.2'],
  ['10.8.2\n', '10.8.2'],
  ['curl 7.88.1 (x86_64-pc-linux-gnu) libcurl/7.88.1 OpenSSL/3.0.19\nRelease-Date: 2023-02-20\n', '7.88.1'],
  ['curl 8.7.1 (x86_64-apple-darwin24.0) libcurl/8.7.1 (SecureTransport) LibreSSL/3.3.6\n', '8.7.1'],
  ['4.96.4 0a5cd5b0 with Code 1.96.4\n', '4.96.4'],
  ['Python 3.11.2\n', '3.11.2'],
  ['v3.17.1+g980d8ac\n', '3.17.1'],
  ['go version go1.22.1 linux/arm64\n', '1.22.1'],
  ['less 590 (GNU regular expressions)\n', '590'],
  ['usage: frob FILE\n', ''],
])('%j', (text, version) => {
  expect(versionIn(text)).toBe(version)
})
