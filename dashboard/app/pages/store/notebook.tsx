/** What is for sale: a ruled notebook with a blue spine. */
export function Notebook() {
  return (
    <svg class="product" viewBox="0 0 320 240" role="img" aria-label="A ruled notebook with a blue spine">
      <path class="p-shadow" d="M66 214h196l14 10H84z" />
      <rect class="p-page" x="78" y="26" width="182" height="190" rx="3" />
      <rect class="p-cover" x="62" y="20" width="182" height="190" rx="4" />
      <path class="p-spine" d="M62 24a4 4 0 0 1 4-4h18v190H66a4 4 0 0 1-4-4z" />
      <path class="p-rule" d="M108 66h112M108 86h112M108 106h112M108 126h112M108 146h112M108 166h112M108 186h76" />
      <path class="p-margin" d="M124 38v158M127 38v158" />
      <path class="p-ribbon" d="M214 20h12v52l-6-6-6 6z" />
    </svg>
  )
}
