/** The pages one can go to, in the order of the rail; the palette and the keyboard read the same list. */
import { boot, isOperator } from '../data/boot.ts'
import type { IconName } from '../kit/icon.tsx'

export interface PageLink {
  href: string
  word: string
  icon: IconName
  /** After g. */
  key: string
}

export interface PageGroup {
  label?: string
  links: PageLink[]
}

/** What the one who is signed in may see. */
export function pageGroups(): PageGroup[] {
  const merchant = boot.account?.merchant
  const groups: PageGroup[] = [
    {
      links: merchant
        ? [
            { href: '/dashboard', word: 'Overview', icon: 'overview', key: 'o' },
            { href: '/dashboard/transactions', word: 'Transactions', icon: 'transactions', key: 't' },
            { href: '/dashboard/webhooks', word: 'Webhooks', icon: 'webhooks', key: 'w' },
          ]
        : [],
    },
    {
      label: 'Runtime',
      links: isOperator()
        ? [
            { href: '/dashboard/actors', word: 'Actors', icon: 'actors', key: 'a' },
            { href: '/dashboard/jobs', word: 'Jobs', icon: 'jobs', key: 'j' },
            { href: '/dashboard/logs', word: 'Logs', icon: 'logs', key: 'l' },
            ...(boot.demo
              ? [{ href: '/dashboard/chaos', word: 'Chaos corner', icon: 'chaos', key: 'c' } as const]
              : []),
          ]
        : [],
    },
    {
      links: merchant
        ? [
            ...(merchant.test
              ? [{ href: '/dashboard/store', word: 'Demo Store', icon: 'store', key: 's' } as const]
              : []),
            { href: '/dashboard/docs', word: 'Docs', icon: 'docs', key: 'd' },
            { href: '/dashboard/settings', word: 'Settings', icon: 'key', key: 'e' },
          ]
        : [],
    },
  ]
  return groups.filter(({ links }) => links.length > 0)
}

export function pageLinks(): PageLink[] {
  return pageGroups().flatMap(({ links }) => links)
}
