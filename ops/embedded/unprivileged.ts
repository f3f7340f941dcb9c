/**
 * PostgreSQL refuses to run as root. So under root its programs run as user `postgres` (or `nobody`), with one
 * capability kept: dac_override. Without it they could not even enter a clone or a data folder of mode 0700, which is
 * what `mktemp -d` and /root are.
 */
import { readFileSync, statSync } from 'node:fs'
import { StopReason } from '../stop-reason.ts'

export interface Command {
  program: string
  args: string[]
}

/** The command to run. `owned` names an existing folder whose owner decides the user, since Postgres insists on it. */
export function unprivileged(program: string, args: string[], owned?: string): Command {
  if (process.getuid?.() !== 0) return { program, args }
  if (process.platform !== 'linux') {
    throw new StopReason('the embedded PostgreSQL does not run as root: start as a normal user, or set DATABASE_URL')
  }
  const { uid, gid } = (owned && ownerOf(owned)) || servant()
  const ids = ['--reuid', String(uid), '--regid', String(gid), '--clear-groups']
  const capability = ['--inh-caps', '+dac_override', '--ambient-caps', '+dac_override']
  // access(2) ignores the capabilities of whoever was not always that user, unless told otherwise; initdb asks it.
  const kept = ['--securebits', '+no_setuid_fixup']
  return { program: 'setpriv', args: [...ids, ...capability, ...kept, program, ...args] }
}

interface User {
  uid: number
  gid: number
}

function ownerOf(path: string): User | null {
  const { uid, gid } = statSync(path)
  return uid === 0 ? null : { uid, gid }
}

function servant(): User {
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
  const user = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody')
  if (!user) throw new StopReason('root needs a user named postgres for PostgreSQL: add it, or set DATABASE_URL')
  return { uid: Number(user[2]), gid: Number(user[3]) }
}
