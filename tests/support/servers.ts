/**
 * The servers that `npm test` started for this run. Tests read no other part of the environment.
 */
export function postgresUrl(): string {
  return required('TEST_POSTGRES_URL')
}

export function redisUrl(): string {
  return required('TEST_REDIS_URL')
}

function required(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set: run this test with npm test -- <part of its path>`)
  return value
}
