/** The moving parts of the checkout's own pages: buttons that copy, and the demo store's one purchase. */
import './index.css'

const COPIED_MS = 1_500

for (const button of document.querySelectorAll<HTMLButtonElement>('[data-copy]')) {
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy ?? '')?.textContent ?? '')
    const word = button.querySelector('span')
    button.dataset.copied = ''
    if (word) word.textContent = 'Copied'
    setTimeout(() => {
      delete button.dataset.copied
      if (word) word.textContent = 'Copy'
    }, COPIED_MS)
  })
}

const buy = document.querySelector<HTMLButtonElement>('[data-test-id=buy-button]')
buy?.addEventListener('click', () => {
  const { key = '', order: orderId = '' } = buy.dataset
  new window.PaymentGateway({
    key,
    orderId,
    prefill: { vpa: 'success@sim' },
    onSuccess: ({ paymentId }) => tell('success', `Paid. Thank you! Your payment is ${paymentId}.`),
    onFailure: ({ description }) => tell('failed', `Not paid: ${description}`),
  }).open()
})

function tell(state: 'success' | 'failed', text: string): void {
  const alert = document.createElement('p')
  alert.setAttribute('role', 'alert')
  alert.className = 'outcome'
  alert.dataset.state = state
  alert.dataset.testId = `${state}-alert`
  alert.textContent = text
  document.getElementById('outcome')?.replaceChildren(alert)
}
