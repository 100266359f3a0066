// Every test starts its own servers on free ports (see the fixtures), so there is no `webServer` and no `baseURL` here.
import { defineConfig, devices } from '@playwright/test'
import { find } from './support/browsers.mjs'

// What Playwright switches off itself: a browser takes the last such list alone.
const switchedOff = [
  'AvoidCorsURLLoaderRestartOnRedirect', 'AvoidUnnecessaryBeforeUnloadCheckSync', 'DestroyProfileOnBrowserClose', 'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades', 'LensOverlay', 'MediaRouter', 'NetworkTimeServiceQuerying', 'OptimizationHints', 'PaintHolding', 'PreconnectToSearch',
  'ThirdPartyStoragePartitioning',
]

const launchOptions = {
  executablePath: find('chromium'),
  // A quiet browser: what it sends and says comes from the test. Playwright itself adds --no-sandbox.
  args: [
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    // Functions are compiled when they are called, and no process is started before it is wanted: a tenth of all work.
    '--js-flags=--wasm-lazy-compilation',
    `--disable-features=${[...switchedOff, 'SpareRendererForSitePerProcess'].join()}`,
  ],
}

const withoutScript = '**/*.noscript.spec.ts'
const measured = ['**/latency.spec.ts', '**/offline-return.spec.ts', '**/long-list.spec.ts']

export default defineConfig({
  testDir: 'tests',
  fullyParallel: true,
  // Four on two cores: many a test waits for longer than it works.
  workers: 4,
  // CI's machines may stall for longer than any wait: another try tells that from a bug, and is reported as flaky. Elsewhere what
  // fails once has failed.
  retries: process.env.CI ? 2 : 0,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  forbidOnly: !!process.env.CI,
  reporter: [['list'], ['json', { outputFile: 'test-results/report.json' }]],
  use: {
    launchOptions,
    actionTimeout: 15_000,
    timezoneId: 'UTC',
    // What was done and asked, and a picture of the end. `--trace on` has all of it in pictures too, for twice the time.
    trace: { mode: 'retain-on-failure', screenshots: false, snapshots: false },
    screenshot: 'only-on-failure',
  },
  projects: [
    // What moves is drawn sixty times a second, a tenth of all work. It moves on a phone.
    {
      name: 'chromium',
      testIgnore: [withoutScript, ...measured],
      use: { ...devices['Desktop Chrome'], contextOptions: { reducedMotion: 'reduce' } },
    },
    { name: 'phone', testIgnore: [withoutScript, ...measured], grep: /@phone/, use: devices['Pixel 7'] },
    {
      name: 'no-script',
      testMatch: withoutScript,
      use: { ...devices['Desktop Chrome'], javaScriptEnabled: false },
    },
    // What measures has the machine to itself.
    { name: 'measured', testMatch: measured, workers: 1, dependencies: ['chromium', 'phone', 'no-script'], use: devices['Desktop Chrome'] },
  ],
})
