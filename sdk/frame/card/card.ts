/**
 * What a card's digits say while they are typed: their network, how they are grouped, when they are complete, whether they can be
 * right. The API decides in the end; this only tells the shopper sooner. Digits here are without spaces.
 */

interface Network {
  name: string
  /** Ranges of first digits. */
  prefixes: [from: number, to: number][]
  /** Digits of a whole number. */
  lengths: number[]
  groups: number[]
  cvvDigits: number
}

const FOURS = [4, 4, 4, 4, 3]
const UNKNOWN: Network = { name: '', prefixes: [], lengths: [19], groups: FOURS, cvvDigits: 3 }

/** The networks' own ranges, as the API has them: a number belongs to the first whose range holds its first digits. */
const NETWORKS: Network[] = [
  { ...UNKNOWN, name: 'VISA', prefixes: [[4, 4]], lengths: [16, 19] },
  {
    ...UNKNOWN,
    name: 'Mastercard',
    prefixes: [
      [51, 55],
      [2221, 2720],
    ],
    lengths: [16],
  },
  {
    name: 'Amex',
    prefixes: [
      [34, 34],
      [37, 37],
    ],
    lengths: [15],
    groups: [4, 6, 5],
    cvvDigits: 4,
  },
  {
    ...UNKNOWN,
    name: 'RuPay',
    prefixes: [
      [60, 60],
      [65, 65],
      [81, 89],
      [508, 508],
    ],
    lengths: [16],
  },
]

const SHORTEST = 13
const LONGEST = 19

export function networkOf(digits: string): Network {
  const holds = ([from, to]: [number, number]) => {
    const prefix = Number(digits.slice(0, String(from).length))
    return prefix >= from && prefix <= to
  }
  return NETWORKS.find(({ prefixes }) => prefixes.some(holds)) ?? UNKNOWN
}

/** At most as many digits as the network has, in its groups: `4111 1111`. */
export function groupNumber(digits: string): string {
  const { groups, lengths } = networkOf(digits)
  const text = digits.slice(0, lengths.at(-1))
  const parts: string[] = []
  for (let at = 0, index = 0; at < text.length; at += groups[index++] ?? LONGEST) {
    parts.push(text.slice(at, at + (groups[index] ?? LONGEST)))
  }
  return parts.join(' ')
}

/** short: more digits must come. wrong: they cannot be a card's. */
export function judgeNumber(digits: string): 'short' | 'wrong' | 'right' {
  if (digits.length < SHORTEST) return 'short'
  if (passesLuhn(digits)) return 'right'
  return digits.length < (networkOf(digits).lengths[0] ?? LONGEST) ? 'short' : 'wrong'
}

/** Nothing can follow, so that the next field may take over. Numbers of unknown length never are complete by themselves. */
export function isCompleteNumber(digits: string): boolean {
  return networkOf(digits).lengths[0] === digits.length && judgeNumber(digits) === 'right'
}

/** The check digit of ISO/IEC 7812-1: from the right every second digit counts twice. */
function passesLuhn(digits: string): boolean {
  let sum = 0
  for (let index = 0; index < digits.length; index++) {
    const digit = Number(digits[digits.length - 1 - index])
    const weighed = index % 2 === 0 ? digit : digit * 2
    sum += weighed > 9 ? weighed - 9 : weighed
  }
  return sum % 10 === 0
}
