/** What npm start shows when everything runs: where to go, and the keys to try it with. */

/** Lines of a label and a text, in a frame as wide as the widest of them. */
export function box(title: string, lines: [label: string, text: string][]): string {
  const labelWidth = Math.max(...lines.map(([label]) => label.length))
  const inner = [title, '', ...lines.map(([label, text]) => `${label.padEnd(labelWidth)}   ${text}`)]
  const width = Math.max(...inner.map((line) => line.length))
  const edge = '─'.repeat(width + 4)
  return [`╭${edge}╮`, ...inner.map((line) => `│  ${line.padEnd(width)}  │`), `╰${edge}╯`].join('\n')
}
