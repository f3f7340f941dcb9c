/** Who you are, how you sign in, whose pages may show your checkout, and what a used Idempotency-Key answers. */
import { revalidate } from '@solidjs/router'
import { createSignal, createUniqueId } from 'solid-js'
import { type Profile, readProfile, saveOrigins, savePassword, saveProfile } from '../../data/settings.ts'
import { createDeed } from '../../kit/deed.ts'
import { Refusal } from '../../kit/refusal.tsx'

const renew = () => revalidate(readProfile.key)

export function ProfileForm(props: { profile: Profile }) {
  const id = createUniqueId()
  const [name, setName] = createSignal(props.profile.name)
  const [email, setEmail] = createSignal(props.profile.email)
  const [mismatch, setMismatch] = createSignal(props.profile.idempotency_mismatch)
  const deed = createDeed()
  const submit = async () => {
    await deed.run(
      () => saveProfile({ name: name().trim(), email: email().trim(), idempotency_mismatch: mismatch() }),
      'Saved.',
    )
    await renew()
  }
  return (
    <section class="cell">
      <div class="cell-head">
        <h2>Profile</h2>
      </div>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <div class="field">
          <label for={`${id}-name`}>Name, as shoppers see it</label>
          <input
            class="input"
            id={`${id}-name`}
            required
            maxlength="255"
            value={name()}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        </div>
        <div class="field">
          <label for={`${id}-email`}>Email</label>
          <input
            class="input"
            id={`${id}-email`}
            type="email"
            required
            autocomplete="email"
            value={email()}
            onInput={(event) => setEmail(event.currentTarget.value)}
          />
        </div>
        <div class="field">
          <label for={`${id}-mismatch`}>A used Idempotency-Key with another body</label>
          <select
            class="input"
            id={`${id}-mismatch`}
            value={mismatch()}
            onChange={(event) => setMismatch(event.currentTarget.value as Profile['idempotency_mismatch'])}
          >
            <option value="conflict">is refused with 409</option>
            <option value="replay">gets the first answer</option>
          </select>
        </div>
        <Refusal words={deed.refusal()} />
        <div class="acts">
          <button class="btn" type="submit" disabled={deed.busy()}>
            Save
          </button>
        </div>
      </form>
    </section>
  )
}

export function OriginsForm(props: { profile: Profile }) {
  const id = createUniqueId()
  const [text, setText] = createSignal(props.profile.allowed_origins.join('\n'))
  const deed = createDeed()
  const submit = async () => {
    const origins = text().split(/\s+/).filter(Boolean)
    await deed.run(() => saveOrigins(origins), 'Saved.')
    await renew()
  }
  return (
    <section class="cell">
      <div class="cell-head">
        <h2>Where your checkout may appear</h2>
      </div>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <div class="field">
          <label for={id}>Origins, one a line</label>
          <textarea
            class="input area"
            id={id}
            rows="3"
            spellcheck={false}
            placeholder="https://shop.example.com"
            value={text()}
            aria-describedby={`${id}-hint`}
            onInput={(event) => setText(event.currentTarget.value)}
          />
          <p class="hint" id={`${id}-hint`}>
            {props.profile.test
              ? 'A test merchant’s appears on any page of this machine as well.'
              : 'Without one it appears nowhere.'}
          </p>
        </div>
        <Refusal words={deed.refusal()} />
        <div class="acts">
          <button class="btn" type="submit" disabled={deed.busy()}>
            Save
          </button>
        </div>
      </form>
    </section>
  )
}

export function PasswordForm() {
  const id = createUniqueId()
  const [current, setCurrent] = createSignal('')
  const [next, setNext] = createSignal('')
  const deed = createDeed()
  const submit = async () => {
    const worked = await deed.run(() => savePassword(next(), current()), 'The new password signs in.')
    if (!worked) return
    setCurrent('')
    setNext('')
  }
  return (
    <section class="cell">
      <div class="cell-head">
        <h2>Password</h2>
      </div>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <div class="field">
          <label for={`${id}-current`}>
            Password now <span class="faint">(empty while none is set)</span>
          </label>
          <input
            class="input"
            id={`${id}-current`}
            type="password"
            autocomplete="current-password"
            value={current()}
            onInput={(event) => setCurrent(event.currentTarget.value)}
          />
        </div>
        <div class="field">
          <label for={`${id}-next`}>New password</label>
          <input
            class="input"
            id={`${id}-next`}
            type="password"
            required
            minlength="12"
            maxlength="255"
            autocomplete="new-password"
            value={next()}
            aria-describedby={`${id}-hint`}
            onInput={(event) => setNext(event.currentTarget.value)}
          />
          <p class="hint" id={`${id}-hint`}>
            At least 12 characters. Until one is set, an API secret signs in with your email.
          </p>
        </div>
        <Refusal words={deed.refusal()} />
        <div class="acts">
          <button class="btn" type="submit" disabled={deed.busy()}>
            Set the password
          </button>
        </div>
      </form>
    </section>
  )
}
