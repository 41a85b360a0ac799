// Runs the suite of https://github.com/http-tests/cache-tests through cache_bridge, as a private cache, and prints what
// is required and failed, then the line for tests/conformance.sh.
// usage: node cache_tests.mjs PROGRAM FOLDER      FOLDER: a checkout of the suite
import { spawn } from 'node:child_process'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

const [program, folder] = process.argv.slice(2)
const from = file => import(pathToFileURL(path.resolve(folder, file)))
const tests = (await from('tests/index.mjs')).default
const { runTests, getResults } = await from('test-engine/client/runner.mjs')
const { determineTestResult, resultTypes } = await from('test-engine/lib/results.mjs')

const children = []
process.on('exit', () => children.forEach(child => child.kill()))
/// Starts a program; the part of its output that matches.
function start (command, args, env, pattern) {
  const child = spawn(command, args, { cwd: folder, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', code => reject(new Error(`${command} ended with ${code}`)))
    child.stdout.on('data', data => { const match = pattern.exec(data.toString()); if (match) resolve(match) })
  })
}

const settings = { npm_config_protocol: 'http', npm_config_port: '0', npm_config_pidfile: '/dev/null' }
const [, port] = await start(process.execPath, ['test-engine/server/server.mjs'], settings, /Listening on .*:(\d+)\//)
const [bridge] = await start(path.resolve(program), [], {}, /http:\S+/)

// The suite's requests take the way through braid; its talk with its server about them does not.
const direct = globalThis.fetch
globalThis.fetch = async (url, init = {}) => {
  if (!url.includes('/test/')) return direct(url, init)
  const headers = [...(init.headers ?? [])]
  if (init.cache === 'no-cache') headers.push(['Cache-Control', 'max-age=0']) // as the Fetch standard has it
  const body = JSON.stringify({ method: init.method ?? 'GET', url, headers, body: init.body ?? null })
  const got = await (await direct(`${bridge}/`, { method: 'POST', body })).json()
  if (got.error) throw new TypeError(got.error)
  return { status: got.status, headers: new Headers(got.headers), text: async () => got.body }
}

await runTests(tests, true, `http://localhost:${port}`, 100)
const results = getResults()
const count = { passed: 0, total: 0 }
for (const suite of tests) {
  for (const test of suite.tests) {
    if (test.cdn_only || test.browser_skip || (test.kind ?? 'required') !== 'required') continue
    ++count.total
    if (determineTestResult(tests, test.id, results) === resultTypes.pass) ++count.passed
    else console.log(`${suite.id} ${test.id}: ${JSON.stringify(results[test.id])}`)
  }
}
const notes = 'the others want a stale response for a lost connection, unasked'
console.log(`conformance|HTTP cache (http-tests; required of a private cache)|${count.passed}|${count.total}|${notes}`)
process.exit(0)
