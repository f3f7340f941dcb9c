/** What `/metrics` answers: the gauges of the runtime as they stand, and the sums of what all living workers have measured. */
import { AggregatorRegistry, Gauge, Registry } from 'prom-client'
import { Inspection } from '../../actors/index.ts'
import type { RuntimeClient } from '../../runtime/client.ts'
import type { RedisConnection } from '../../runtime/redis.ts'
import type { Storage } from '../../runtime/storage.ts'
import type { Database } from '../../schema/database.ts'
import { VERSION } from '../version.ts'
import { metricsKey } from './worker-metrics.ts'

export interface GatewayMetricsOptions {
  database: Database
  storage: Storage
  runtime: RuntimeClient
  redis: RedisConnection
}

/** Answers the text of one scrape. With Redis or Postgres away it says that much: `gateway_up` tells which parts answer. */
export function gatewayMetrics(options: GatewayMetricsOptions): () => Promise<string> {
  const inspection = new Inspection(options)
  return async () => {
    const overview = await inspection.overview().catch(() => null)
    const registry = new Registry()
    const gauge = (name: string, help: string, value: number, labels: Record<string, string> = {}) => {
      const known = registry.getSingleMetric(name) as Gauge<string> | undefined
      const one = known ?? new Gauge({ name, help, labelNames: Object.keys(labels), registers: [registry] })
      one.set(labels, value)
    }
    gauge('gateway_build_info', 'The version that runs', 1, { version: VERSION, node: process.version })
    gauge('gateway_up', 'Whether Postgres and Redis answer', overview ? 1 : 0)
    if (!overview) return await registry.metrics()
    for (const state of ['running', 'scheduled', 'resting', 'parked'] as const) {
      const sum = overview.partitions.reduce((total, partition) => total + partition[state], 0)
      gauge('gateway_actors', 'Actors by where they are', sum, { state })
    }
    const ready = overview.partitions.flatMap((partition) => Object.values(partition.ready)).reduce((a, b) => a + b, 0)
    gauge('gateway_actors', 'Actors by where they are', ready, { state: 'ready' })
    const workers = new Set(overview.leases.filter(({ leftMs }) => leftMs > 0).map(({ lease }) => workerOf(lease)))
    gauge('gateway_workers', 'Workers whose lease lives', workers.size)
    gauge(
      'gateway_oldest_ready_seconds',
      'How long the next to be served waits',
      (overview.oldestReady?.waitingMs ?? 0) / 1000,
    )
    gauge('gateway_truth_gap', 'Overdue in Postgres and unknown to Redis', overview.truthGap.unknown)
    gauge(
      'gateway_overdue_oldest_seconds',
      'The longest that anybody is owed a turn',
      overview.truthGap.oldestMs / 1000,
    )
    for (const [name, value] of Object.entries(overview.counters)) {
      gauge('gateway_runtime_total', 'Counters of the runtime since its Redis was last emptied', value, { name })
    }
    return `${await registry.metrics()}${await sumOf(options.redis, [...workers])}`
  }
}

async function sumOf(redis: RedisConnection, workers: string[]): Promise<string> {
  const texts = await Promise.all(workers.map((worker) => redis.get(metricsKey(worker)).catch(() => null)))
  const figures = texts.filter((text) => text !== null).map((text) => JSON.parse(text))
  if (figures.length === 0) return ''
  return await AggregatorRegistry.aggregate(figures).metrics()
}

function workerOf(lease: string): string {
  return lease.replace(/-[0-9a-f]{12}$/, '')
}
