/** The cookies of the dashboard: the session, which no script can read, and the theme, which is no secret. */
import type { FastifyReply, FastifyRequest } from 'fastify'

const THEMES = ['light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

/** Cookies know no ports: two dashboards on one machine would otherwise sign each other out. */
export function sessionCookie(port: number): string {
  return `gateway_session_${port}`
}

export function readCookie(request: FastifyRequest, name: string): string | null {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const at = part.indexOf('=')
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim() || null
  }
  return null
}

/** null: follow the system. */
export function readTheme(request: FastifyRequest): Theme | null {
  const chosen = readCookie(request, 'theme')
  return THEMES.find((theme) => theme === chosen) ?? null
}

/** `expires`: when the browser forgets it; a moment in the past takes it back. */
export function setSession(
  request: FastifyRequest,
  reply: FastifyReply,
  name: string,
  token: string,
  expires: Date,
): void {
  // Lax: a link from a mail leads in; a form or a script of a stranger's page brings no cookie along.
  const secure = request.protocol === 'https' ? '; Secure' : ''
  reply.header(
    'set-cookie',
    `${name}=${token}; Path=/; HttpOnly; SameSite=Lax; Expires=${expires.toUTCString()}${secure}`,
  )
}

export function dropSession(request: FastifyRequest, reply: FastifyReply, name: string): void {
  setSession(request, reply, name, '', new Date(0))
}
