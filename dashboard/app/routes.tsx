/** Which address shows which page. Every page is loaded when it is first wanted. */
import { Navigate, type RouteDefinition } from '@solidjs/router'
import { lazy } from 'solid-js'
import { boot, isOperator } from './data/boot.ts'
import { Layout } from './shell/layout.tsx'
import { Missing } from './shell/missing.tsx'

const merchantPages: RouteDefinition[] = [
  { path: '/', component: lazy(() => import('./pages/overview/overview.tsx')) },
  { path: '/transactions', component: lazy(() => import('./pages/transactions/transactions.tsx')) },
  { path: '/store', component: lazy(() => import('./pages/store/store.tsx')) },
  { path: '/settings', component: lazy(() => import('./pages/settings/settings.tsx')) },
  { path: '/docs', component: lazy(() => import('./pages/docs/docs.tsx')) },
  { path: '/webhooks', component: lazy(() => import('./pages/webhooks/webhooks.tsx')) },
  { path: '/webhooks/:id', component: lazy(() => import('./pages/webhook/webhook.tsx')) },
  { path: '/transactions/:id', component: lazy(() => import('./pages/payment/payment.tsx')) },
]

const operatorPages: RouteDefinition[] = [
  { path: '/actors', component: lazy(() => import('./pages/actors/actors.tsx')) },
  { path: '/actors/:id', component: lazy(() => import('./pages/actor/actor.tsx')) },
  { path: '/jobs', component: lazy(() => import('./pages/jobs/jobs.tsx')) },
  { path: '/logs', component: lazy(() => import('./pages/logs/logs.tsx')) },
  ...(boot.demo ? [{ path: '/chaos', component: lazy(() => import('./pages/chaos/chaos.tsx')) }] : []),
]

/** Who has no merchant begins with the runtime. */
const operatorHome: RouteDefinition = { path: '/', component: () => <Navigate href="/dashboard/actors" /> }

export const routes: RouteDefinition[] = [
  {
    path: '/dashboard',
    component: Layout,
    children: [
      ...(boot.account?.merchant ? merchantPages : [operatorHome]),
      ...(isOperator() ? operatorPages : []),
      { path: '*missing', component: Missing },
    ],
  },
  { path: '/login', component: lazy(() => import('./pages/login.tsx')) },
  { path: '*missing', component: Missing },
]
