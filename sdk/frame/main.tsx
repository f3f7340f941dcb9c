/** Where the page of the frame begins. */
import { render } from 'solid-js/web'
import './styles/index.css'
import { Checkout } from './checkout.ts'
import { readOptions } from './options.ts'
import { applyTheme } from './theme.ts'
import { App } from './views/App.tsx'
import { wordsFor } from './words/index.ts'

const options = readOptions()
const words = wordsFor(options.locale, navigator.languages)
const root = document.documentElement
root.lang = words.tag
if (options.theme) applyTheme(options.theme, root)

const checkout = new Checkout(options, words)
render(() => <App checkout={checkout} />, document.body)
void checkout.start()
