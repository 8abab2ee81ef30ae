import { crc32, deflateRawSync } from 'node:zlib'

/** Zip files as anybody may make them, wrong ones too. */
export interface Entry {
  readonly name: string | Uint8Array
  readonly content: Uint8Array | string
  /** Unix mode with the kind of file; default: a plain file. */
  readonly mode?: number
  /** What the archive says of the size, whatever it is. */
  readonly claims?: number
  readonly flags?: number
}

export function zip(entries: readonly Entry[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, content, mode = 0o100644, claims, flags = 0 } of entries) {
    const bytes = Buffer.from(content as string)
    const packed = deflateRawSync(bytes)
    const named = Buffer.from(name as string)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE((typeof name === 'string' ? 0x800 : 0) | flags, 2)
    common.writeUInt16LE(8, 4)
    common.writeUInt32LE(0x5a21_0000, 6)
    common.writeUInt32LE(crc32(bytes), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(claims ?? bytes.length, 18)
    common.writeUInt16LE(named.length, 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, named, packed])
    const entry = Buffer.alloc(16)
    entry.writeUInt32LE((mode << 16) >>> 0, 8)
    entry.writeUInt32LE(offset, 12)
    directory.push(
      Buffer.concat([Buffer.from('PK\x01\x02\x14\x03'), common, Buffer.alloc(2), entry.subarray(4), named]),
    )
    parts.push(local)
    offset += local.length
  }
  const list = Buffer.concat(directory)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(entries.length, 4)
  end.writeUInt16LE(entries.length, 6)
  end.writeUInt32LE(list.length, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...parts, list, Buffer.from('PK\x05\x06'), end])
}
