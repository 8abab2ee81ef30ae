/** The only user of `commander`. */
export { Command, CommanderError, Option } from 'commander'
