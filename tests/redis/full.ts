/** The long cases of this folder run in `npm run test:redis`; `npm test` has a smoke case of each file. */
export const isFull = process.env.TEST_REDIS_FULL === 'true'
