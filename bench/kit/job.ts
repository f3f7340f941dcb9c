/** What a message and a job carry: the same few fields on both sides, as JSON. */
export const JOB = JSON.stringify({ id: 'pay_0123456789abcdef', kind: 'authorize', at: 1_700_000_000_000 })
