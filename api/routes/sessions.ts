/** Signing in and out, for the dashboard's server. Whatever is wrong is answered alike: a guesser learns nothing from the words. */
import type { FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { GatewayError } from '../../schema/errors.ts'
import { hashPassword, PASSWORD_MAX, PASSWORD_MIN, passwordMatches } from '../../schema/passwords.ts'
import { type Account, accountOf, merchantByPassword, OPERATOR_ACCOUNT } from '../accounts.ts'
import type { App } from '../app.ts'
import { Attempts } from '../attempts.ts'
import { audited } from '../audit.ts'
import { failures, ref } from '../components.ts'
import { nullable } from '../schemas.ts'
import type { Services } from '../services.ts'
import { sessionToken } from '../sessions.ts'

const Text = Type.String({ minLength: 1, maxLength: PASSWORD_MAX })
const ByPassword = Type.Object({ email: Text, password: Text })
const ByKeys = Type.Object({ api_key: Text, api_secret: Text })
const ByToken = Type.Object({ operator_token: Text })
const SignInBody = Type.Union([ByPassword, ByKeys, ByToken])
const PASSWORD = Compile(ByPassword)
const KEYS = Compile(ByKeys)
const OPERATOR = Compile(ByToken)
type SignIn = Static<typeof SignInBody>

const PasswordBody = Type.Object({
  password: Type.String({ minLength: PASSWORD_MIN, maxLength: PASSWORD_MAX }),
  current_password: Type.Optional(nullable(Text)),
})

export function sessionRoutes(app: App, { database, credentials, sessions, operators }: Services): void {
  const attempts = new Attempts()
  const account = (merchantId: string | null): Promise<Account> | Account =>
    merchantId === null ? OPERATOR_ACCOUNT : accountOf(database, merchantId, operators.includes(merchantId))

  /** Whose session it will be: a merchant's id, null for the operator, undefined for nobody. */
  const whose = async (body: SignIn): Promise<string | null | undefined> => {
    // A body that fits one way of signing in may carry anything in the fields of another.
    if (OPERATOR.Check(body)) return operators.hasToken(body.operator_token) ? null : undefined
    if (KEYS.Check(body)) return (await credentials.find(body.api_key, body.api_secret))?.id
    return PASSWORD.Check(body) ? byPassword(body) : undefined
  }

  /** Tokens and secrets are too long to guess; passwords are not, so an email waits after a few wrong ones. */
  const byPassword = async ({ email, password }: { email: string; password: string }): Promise<string | undefined> => {
    const name = email.toLowerCase()
    const seconds = attempts.waitSeconds(name)
    if (seconds > 0) {
      const words = `Too many wrong passwords: wait ${seconds} s, then try again`
      throw new GatewayError('RATE_LIMIT_ERROR', words, { retryAfterSeconds: seconds })
    }
    const merchantId = await merchantByPassword(database, email, password)
    if (merchantId === null) attempts.failed(name)
    else attempts.succeeded(name)
    return merchantId ?? undefined
  }

  app.post(
    '/api/v1/sessions',
    {
      schema: {
        tags: ['sessions'],
        summary: 'Sign in, with email and password, a key pair, or the operator token',
        security: [],
        body: SignInBody,
        response: { 201: ref('Session'), ...failures },
      },
    },
    async (request, reply) => {
      const merchantId = await whose(request.body)
      if (merchantId === undefined) throw new GatewayError('AUTHENTICATION_ERROR', 'Invalid API credentials')
      const [session, opened] = await Promise.all([sessions.open(merchantId), account(merchantId)])
      return reply.code(201).send({ ...session, account: opened })
    },
  )

  app.get(
    '/api/v1/sessions/current',
    {
      schema: {
        tags: ['sessions'],
        summary: 'Who is signed in with this session',
        security: [{ session: [] }],
        response: { 200: ref('Account'), ...failures },
      },
    },
    async (request) => {
      const session = await sessions.find(requireToken(request))
      if (!session) throw over()
      return account(session.merchant?.id ?? null)
    },
  )

  app.delete(
    '/api/v1/sessions/current',
    {
      schema: {
        tags: ['sessions'],
        summary: 'Sign out',
        security: [{ session: [] }],
        response: { 204: Type.Null(), ...failures },
      },
    },
    async (request, reply) => {
      await sessions.close(requireToken(request))
      return reply.code(204).send(null)
    },
  )
}

/** A merchant's own: the password that its email signs in with. */
export function passwordRoutes(app: App, { database }: Services): void {
  app.put(
    '/api/v1/merchants/password',
    {
      config: audited('password.set'),
      schema: {
        tags: ['sessions'],
        summary: 'Set the password that the email signs in with',
        body: PasswordBody,
        response: { 204: Type.Null(), ...failures },
      },
    },
    async ({ merchant, body }, reply) => {
      const { password_hash: before } = await database.kysely
        .selectFrom('merchants')
        .select('password_hash')
        .where('id', '=', merchant.id)
        .executeTakeFirstOrThrow()
      // A browser that was left open must not be enough to take the account over.
      if (before !== null && !(await passwordMatches(body.current_password ?? '', before))) {
        throw new GatewayError('BAD_REQUEST_ERROR', 'current_password is not the password', {
          field: 'current_password',
        })
      }
      const password_hash = await hashPassword(body.password)
      await database.kysely.updateTable('merchants').set({ password_hash }).where('id', '=', merchant.id).execute()
      return reply.code(204).send(null)
    },
  )
}

function requireToken(request: FastifyRequest): string {
  const token = sessionToken(request)
  if (token === null) throw over()
  return token
}

function over(): GatewayError {
  return new GatewayError('AUTHENTICATION_ERROR', 'This session is over: sign in again')
}
