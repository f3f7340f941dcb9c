import { Head } from '../../kit/head.tsx'
export default function Overview() {
  return <Head title="Overview" answer={<b>hello</b>} />
}
