/**
 * A UPI address (virtual payment address): `name@handle`. Whether anybody owns it only the bank can tell; here is refused
 * what no bank could route, so that the payer hears of a typing error at once and not after a bank's delay.
 */

/** Characters of a VPA at most, as NPCI's UPI specification has it. */
export const VPA_MAX = 255

const VPA = /^[a-zA-Z0-9._-]+@[a-zA-Z0-9]+$/

export function isVpa(text: string): boolean {
  return text.length <= VPA_MAX && VPA.test(text)
}
