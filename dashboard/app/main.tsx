/** The app, from the page's one element on. */
import '../styles/index.css'
import { Router } from '@solidjs/router'
import { render } from 'solid-js/web'
import { boot } from './data/boot.ts'
import { Sprite } from './kit/icon.tsx'
import { routes } from './routes.tsx'
import { Away } from './shell/away.tsx'

const root = document.getElementById('root')
if (!root) throw new Error('the page has no #root')

render(
  () => (
    <>
      <Sprite />
      {boot.away ? <Away /> : <Router scrollRestoration>{routes}</Router>}
    </>
  ),
  root,
)
