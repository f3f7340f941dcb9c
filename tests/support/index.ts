/** What a test that needs a server begins with. A test that needs none imports nothing of this. */
export { type FreshDatabase, freshDatabase } from './database.ts'
export { type FreshRedis, freshRedis } from './redis.ts'
