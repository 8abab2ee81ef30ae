import { kinds } from '../../check/kinds/index.ts'
import { jsonSchema } from '../../format/schema.ts'
import { type Exit, exits } from '../exit.ts'

/** The same text as `labs/lab.schema.json`. */
export async function schema(): Promise<Exit> {
  process.stdout.write(`${JSON.stringify(jsonSchema(kinds), null, 2)}\n`)
  return exits.done
}
