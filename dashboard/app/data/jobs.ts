/** How much work there is, and whether anybody does it: the one thing that every role may know of the runtime. */
import { query } from '@solidjs/router'
import { get } from './api.ts'
import type { JobsStatus } from './types.ts'

export const readJobs = query(() => get<JobsStatus>('/api/v1/test/jobs/status'), 'jobs')
