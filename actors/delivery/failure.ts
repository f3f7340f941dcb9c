/**
 * Why a call came to nothing, in the words of the attempt log. Merchants read them to mend their receivers, so they say
 * what happened at which end, without codes of libraries.
 */
import { errors } from 'undici'
import { BlockedAddress } from './guard.ts'

const TEXTS: Record<string, string> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection closed by the receiver before it answered',
  EPIPE: 'connection closed by the receiver before it answered',
  UND_ERR_SOCKET: 'connection closed by the receiver before it answered',
  ENOTFOUND: 'host name not found',
  EAI_AGAIN: 'host name could not be resolved: no answer from the name server',
  ETIMEDOUT: 'timed out while connecting',
  UND_ERR_CONNECT_TIMEOUT: 'timed out while connecting',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
  EADDRNOTAVAIL: 'address not available from here',
  UND_ERR_HEADERS_OVERFLOW: 'the answer has more headers than 16 KiB',
  ERR_INVALID_URL: 'the URL is not valid',
  UND_ERR_INVALID_ARG: 'the URL is not valid',
  UND_ERR_MAX_ORIGINS_REACHED: 'too many receivers are being called at once',
  EPROTO: 'TLS handshake failed: the receiver may not speak TLS on this port',
  ERR_SSL_WRONG_VERSION_NUMBER: 'TLS handshake failed: the receiver may not speak TLS on this port',
}

/** Names of OpenSSL's findings about a certificate, as Node hands them on. */
const CERTIFICATE = /CERT|UNABLE_TO_|ERR_TLS_|SELF_SIGNED/
const LONGEST = 200

export function describeFailure(error: unknown): string {
  if (error instanceof BlockedAddress) return error.message
  if (error instanceof errors.HTTPParserError) return 'the receiver did not answer in HTTP'
  if (!(error instanceof Error)) return 'the call failed'
  const code = codeOf(error)
  const known = TEXTS[code]
  if (known !== undefined) return known
  // Behind a semicolon Node adds advice for whoever runs the client.
  if (CERTIFICATE.test(code)) return `TLS certificate not accepted: ${error.message.split(';')[0]}`.slice(0, LONGEST)
  if (code.startsWith('ERR_SSL_')) return 'TLS handshake failed'
  return (error.message || 'the call failed').slice(0, LONGEST)
}

/** When every address of a name fails, the errors come together, and the last one's cause stands for all. */
function codeOf(error: Error): string {
  const { code } = error as NodeJS.ErrnoException
  if (code !== undefined) return code
  const last = error instanceof AggregateError ? error.errors.at(-1) : error.cause
  return last instanceof Error ? codeOf(last) : ''
}
