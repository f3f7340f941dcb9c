/**
 * The REST API as a Fastify instance: the same parser, checks, errors and log for every route, then the routes, a file a resource.
 * Routes fall into three groups by who may call them: everybody, a merchant, the operator.
 */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type RawReplyDefaultExpression,
  type RawRequestDefaultExpression,
  type RawServerDefault,
} from 'fastify'
import { GatewayError } from '../schema/errors.ts'
import { keepAudit } from './audit.ts'
import { callerCheck, merchantCheck, operatorCheck } from './auth.ts'
import { BODY_LIMIT_BYTES, readBodies } from './body.ts'
import { allowPages } from './checkout/cors.ts'
import { answerErrors, answerSocketError, sendError } from './errors.ts'
import { loggerOptions, RequestLog } from './log.ts'
import { describeApi } from './openapi/document.ts'
import { type Check, limitRates } from './rate-limit.ts'
import { newRequestId } from './request-id.ts'
import { actorRoutes } from './routes/actors.ts'
import { allowedOriginRoutes } from './routes/allowed-origins.ts'
import { apiKeyRoutes } from './routes/api-keys.ts'
import { auditLogRoutes } from './routes/audit-log.ts'
import { chaosRoutes } from './routes/chaos.ts'
import { checkoutPaymentRoutes, checkoutSessionRoutes } from './routes/checkout.ts'
import { demoRoutes } from './routes/demo.ts'
import { eventRoutes } from './routes/events.ts'
import { healthRoutes } from './routes/health.ts'
import { idempotencyKeyRoutes } from './routes/idempotency-keys.ts'
import { invariantRoutes } from './routes/invariants.ts'
import { jobRoutes } from './routes/jobs.ts'
import { logRoutes } from './routes/logs.ts'
import { merchantRoutes } from './routes/merchants.ts'
import { metricsRoutes } from './routes/metrics.ts'
import { orderRoutes, publicOrderRoutes } from './routes/orders.ts'
import { paymentCommandRoutes } from './routes/payment-commands.ts'
import { paymentSummaryRoutes } from './routes/payment-summary.ts'
import { paymentRoutes } from './routes/payments.ts'
import { profileRoutes } from './routes/profile.ts'
import { publicPaymentRoutes } from './routes/public-payments.ts'
import { refundRoutes } from './routes/refunds.ts'
import { passwordRoutes, sessionRoutes } from './routes/sessions.ts'
import { streamRoutes } from './routes/stream.ts'
import { testRoutes } from './routes/test.ts'
import { timelineRoutes } from './routes/timeline.ts'
import { webhookConfigRoutes } from './routes/webhook-config.ts'
import { publicEndpointRoutes, webhookEndpointRoutes } from './routes/webhook-endpoints.ts'
import { webhookExplainerRoutes } from './routes/webhook-explainer.ts'
import { webhookGauntletRoutes } from './routes/webhook-gauntlet.ts'
import { webhookReplayRoutes } from './routes/webhook-replays.ts'
import { webhookSummaryRoutes } from './routes/webhook-summary.ts'
import { webhookRoutes } from './routes/webhooks.ts'
import { tellBrowsers } from './security-headers.ts'
import { type ApiOptions, createServices, type Services } from './services.ts'
import { endSilentConnections } from './silent-connections.ts'
import { validatorCompiler } from './validator.ts'

export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

/** A request that is not there within this time never comes, ms. */
const REQUEST_TIMEOUT_MS = 30_000
/** Longer than the longest id or order number; what is longer is no route. */
const MAX_PARAM_LENGTH = 255

/** Ready to listen, or to be called with `inject`. */
export async function createApp(options: ApiOptions): Promise<App> {
  const app: App = fastify({
    logger: loggerOptions(options.logLevel, options.log),
    logController: new RequestLog(),
    genReqId: newRequestId,
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // While it closes, what still arrives on open connections is answered like everything else.
    return503OnClosing: false,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    frameworkErrors: (error, request, reply) => {
      // Such a request meets no hook.
      tellBrowsers(request, reply)
      return sendError(error, request, reply)
    },
    clientErrorHandler: answerSocketError,
  }).withTypeProvider<TypeBoxTypeProvider>()
  app.setValidatorCompiler(validatorCompiler)
  // Views are explicit and their bytes count (a webhook's payment is what GET answers), so nothing filters or reorders them.
  app.setSerializerCompiler(() => JSON.stringify)
  app.decorateRequest('merchant')
  app.decorateRequest('caller')
  app.decorateRequest('keyScope', '')
  endSilentConnections(app)
  readBodies(app)
  answerErrors(app)
  app.addHook('onRequest', async (request, reply) => {
    tellBrowsers(request, reply)
    if (request.url.includes('%00')) throw new GatewayError('BAD_REQUEST_ERROR', 'the URL must not contain U+0000')
  })
  const limited = await limitRates(app, options.rateLimit)
  await describeApi(app, options.version)
  const services = createServices(options)
  app.addHook('onClose', () => services.keyUse.close())
  allowPages(app, services)
  keepAudit(app, services.database)
  registerRoutes(app, services, limited)
  return app
}

function registerRoutes(app: App, services: Services, limited: (check: Check) => Check): void {
  const group = (check: ((app: App) => void) | null, ...routes: ((app: App, services: Services) => void)[]) =>
    app.register(async (scope: App) => {
      check?.(scope)
      for (const add of routes) add(scope, services)
    })
  const { credentials, demo } = services
  group(null, healthRoutes, testRoutes, publicOrderRoutes, publicPaymentRoutes, sessionRoutes, checkoutSessionRoutes)
  // By their own token.
  group(null, checkoutPaymentRoutes)
  group(null, publicEndpointRoutes, metricsRoutes)
  if (demo) group(null, demoRoutes)
  group(
    (scope) => scope.addHook('onRequest', limited(merchantCheck(credentials))),
    orderRoutes,
    paymentRoutes,
    paymentSummaryRoutes,
    paymentCommandRoutes,
    timelineRoutes,
    refundRoutes,
    webhookConfigRoutes,
    webhookRoutes,
    webhookSummaryRoutes,
    webhookEndpointRoutes,
    webhookReplayRoutes,
    webhookExplainerRoutes,
    webhookGauntletRoutes,
    eventRoutes,
    streamRoutes,
    profileRoutes,
    apiKeyRoutes,
    idempotencyKeyRoutes,
    allowedOriginRoutes,
    passwordRoutes,
  )
  group(
    (scope) => scope.addHook('onRequest', limited(operatorCheck(credentials))),
    merchantRoutes,
    actorRoutes,
    jobRoutes,
    logRoutes,
    chaosRoutes,
    invariantRoutes,
  )
  group((scope) => scope.addHook('onRequest', limited(callerCheck(credentials))), auditLogRoutes)
}
