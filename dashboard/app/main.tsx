/** The app, from the page's one element on. */
import '../styles/index.css'
import { Router } from '@solidjs/router'
import { render } from 'solid-js/web'
import { Sprite } from './kit/icon.tsx'
import { routes } from './routes.tsx'

const root = document.getElementById('root')
if (!root) throw new Error('the page has no #root')

render(
  () => (
    <>
      <Sprite />
      <Router scrollRestoration>{routes}</Router>
    </>
  ),
  root,
)
