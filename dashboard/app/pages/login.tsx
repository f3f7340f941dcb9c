/** The door: one click in demo mode, else email and password, a key pair, or the operator's token. */
import { createSignal, createUniqueId, type JSX, Match, onMount, Show, Switch } from 'solid-js'
import { ApiError } from '../data/api.ts'
import { boot } from '../data/boot.ts'
import { Glyph, Icon } from '../kit/icon.tsx'
import { wordsOf } from '../kit/notice.tsx'
import { type Credentials, signIn } from '../shell/session.ts'

type Way = 'password' | 'keys' | 'operator'

const WAYS: Record<Way, string> = {
  password: 'Use email and password instead',
  keys: 'Use an API key pair instead',
  operator: 'Sign in as the operator',
}

/** Only a path of our own is gone to: an address from a link could lead anywhere. */
function nextPage(): string {
  const next = new URLSearchParams(location.search).get('next') ?? ''
  return /^\/(?![/\\])/.test(next) ? next : '/dashboard'
}

export default function Login() {
  const [way, setWay] = createSignal<Way>('password')
  const [busy, setBusy] = createSignal(false)
  const [refusal, setRefusal] = createSignal<string | null>(null)
  onMount(() => {
    document.title = 'Sign in · Async Payment Gateway'
  })
  const enter = async (credentials: Credentials) => {
    setBusy(true)
    setRefusal(null)
    try {
      await signIn(credentials)
      location.assign(nextPage())
    } catch (error) {
      setRefusal(error instanceof ApiError && error.status === 401 ? WRONG[way()] : wordsOf(error))
      setBusy(false)
    }
  }
  const choose = (next: Way) => {
    setWay(next)
    setRefusal(null)
  }
  return (
    <div class="door">
      <main class="door-main">
        <div class="door-brand">
          <Icon name="mark" />
          <p>Async Payment Gateway</p>
        </div>
        <section class="door-card">
          <h1>Sign in</h1>
          <p class="soft">Every accepted payment survives anything and is charged once.</p>
          <Show when={boot.demo}>
            <button class="btn primary big" type="button" disabled={busy()} onClick={() => void enter({ demo: true })}>
              Continue as Test Merchant
            </button>
            <p class="or">
              <span>or with your own account</span>
            </p>
          </Show>
          <Show when={refusal()}>
            {(words) => (
              <p class="verdict" role="alert" data-state="failed">
                <Glyph state="failed" />
                <span>{words()}</span>
              </p>
            )}
          </Show>
          <Switch>
            <Match when={way() === 'password'}>
              <PasswordForm busy={busy()} wrong={refusal() !== null} onEnter={enter} />
            </Match>
            <Match when={way() === 'keys'}>
              <KeysForm busy={busy()} wrong={refusal() !== null} onEnter={enter} />
            </Match>
            <Match when={way() === 'operator'}>
              <OperatorForm busy={busy()} wrong={refusal() !== null} onEnter={enter} />
            </Match>
          </Switch>
          <p class="note door-ways">
            {(['password', 'keys', 'operator'] as const)
              .filter((other) => other !== way())
              .map((other) => (
                <button class="link" type="button" onClick={() => choose(other)}>
                  {WAYS[other]}
                </button>
              ))}
          </p>
        </section>
      </main>
    </div>
  )
}

const WRONG: Record<Way, string> = {
  password:
    'Email or password is wrong. After five wrong tries you wait a minute. No password yet? Your API secret is one.',
  keys: 'Key or secret is wrong.',
  operator: 'That is not the OPERATOR_TOKEN of this gateway.',
}

interface FormProps {
  busy: boolean
  wrong: boolean
  onEnter: (credentials: Credentials) => void
}

function Form(
  props: FormProps & { credentials: (form: FormData) => Credentials; testId?: string; children: JSX.Element },
) {
  return (
    <form
      class="form"
      data-test-id={props.testId}
      onSubmit={(event) => {
        event.preventDefault()
        props.onEnter(props.credentials(new FormData(event.currentTarget)))
      }}
    >
      {props.children}
      <button
        class={boot.demo ? 'btn big' : 'btn primary big'}
        type="submit"
        disabled={props.busy}
        data-test-id="login-button"
      >
        Sign in
      </button>
    </form>
  )
}

function Field(props: {
  name: string
  label: string
  type: string
  autocomplete: string
  wrong?: boolean
  value?: string
  testId?: string
}) {
  const id = createUniqueId()
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      <input
        class="input"
        id={id}
        name={props.name}
        type={props.type}
        required
        autocomplete={props.autocomplete}
        spellcheck={false}
        value={props.value ?? ''}
        aria-invalid={props.wrong}
        data-test-id={props.testId}
      />
    </div>
  )
}

const text = (form: FormData, name: string) => String(form.get(name) ?? '')

function PasswordForm(props: FormProps) {
  return (
    <Form
      {...props}
      testId="login-form"
      credentials={(form) => ({ email: text(form, 'email'), password: text(form, 'password') })}
    >
      <Field name="email" label="Email" type="email" autocomplete="username" testId="email-input" />
      <Field
        name="password"
        label="Password"
        type="password"
        autocomplete="current-password"
        wrong={props.wrong}
        testId="password-input"
      />
    </Form>
  )
}

function KeysForm(props: FormProps) {
  return (
    <Form {...props} credentials={(form) => ({ api_key: text(form, 'key'), api_secret: text(form, 'secret') })}>
      <Field name="key" label="API key" type="text" autocomplete="off" />
      <Field name="secret" label="API secret" type="password" autocomplete="off" wrong={props.wrong} />
    </Form>
  )
}

function OperatorForm(props: FormProps) {
  return (
    <Form {...props} credentials={(form) => ({ operator_token: text(form, 'token') })}>
      <Field name="token" label="Operator token" type="password" autocomplete="off" wrong={props.wrong} />
    </Form>
  )
}
