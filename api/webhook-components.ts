/** What answers about endpoints, replays, explanations and gauntlets look like, by name (see components.ts). */
import { Type } from 'typebox'
import { nullable, oneOf } from './schemas.ts'

const Text = Type.String()
const Moment = Type.String({ format: 'date-time', description: 'ISO 8601 UTC' })

export const webhookComponents = {
  TestEvent: Type.Object({ id: Text, event: Type.Literal('webhook.test'), status: Type.Literal('pending') }),
  WebhookEndpoint: Type.Object({
    id: Text,
    url: Text,
    description: nullable(Text),
    events: Type.Array(Text),
    status: oneOf('enabled', 'disabled'),
    disabled_reason: nullable(oneOf('merchant', 'gone', 'failing')),
    failing_since: nullable(Moment),
    retry_intervals: nullable(Type.Array(Type.Integer())),
    timeout_ms: Type.Integer(),
    headers: Type.Record(Type.String(), Type.String()),
    ordered: Type.Boolean(),
    rate_limit: nullable(Type.Integer()),
    secret: Text,
    previous_secret_expires_at: nullable(Moment),
    public_key: nullable(Text),
    created_at: Moment,
  }),
  WebhookReplay: Type.Object({
    id: Text,
    source: oneOf('selected', 'failed', 'missing'),
    endpoint_id: nullable(Text),
    from: nullable(Moment),
    to: nullable(Moment),
    rate: Type.Integer(),
    status: oneOf('running', 'completed', 'canceled'),
    total: nullable(Type.Integer()),
    replayed: Type.Integer(),
    pending: Type.Integer(),
    delivered: Type.Integer(),
    failed: Type.Integer(),
    created_at: Moment,
    ended_at: nullable(Moment),
  }),
  WebhookExplanation: Type.Object({
    verified: Type.Boolean(),
    summary: Text,
    signatures: Type.Array(
      Type.Object({
        header: Text,
        received: Text,
        verified: Type.Boolean(),
        mutations: Type.Array(Text),
        signed_by: nullable(Text),
        explanation: Text,
      }),
    ),
    difference: nullable(Type.Object({ at: Type.Integer(), received: Text, sent: Text })),
  }),
  Gauntlet: Type.Object({
    endpoint_id: Text,
    passed: Type.Boolean(),
    trials: Type.Array(
      Type.Object({
        name: Text,
        expected: oneOf('accepted', 'refused'),
        passed: Type.Boolean(),
        response_code: nullable(Type.Integer()),
        error: nullable(Text),
        duration_ms: Type.Integer(),
        advice: nullable(Text),
      }),
    ),
  }),
}
