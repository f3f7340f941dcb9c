/** The sizes of this folder's long cases: whole in `npm run test:webhooks`, a smoke case of each in `npm test`. */
export const isFull = process.env.TEST_WEBHOOKS_FULL === 'true'
