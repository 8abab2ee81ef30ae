export { lockPort, portForFile } from './locks.ts'
