// Which browsers this machine has. Set-up asks on the command line, tests by import.
import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium } from '@playwright/test'

/** @typedef {'chromium' | 'firefox' | 'webkit'} Name */

const programs = {
  chromium: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
  firefox: ['firefox-esr', 'firefox'],
  // The driver, which brings its browser along.
  webkit: ['WebKitWebDriver'],
}

/**
 * The path of a browser that runs: TANDEM_CHROMIUM, TANDEM_FIREFOX or TANDEM_WEBKIT, else the system's, else (Chromium) Playwright's own.
 * @param {Name} name
 * @returns {string | undefined}
 */
export function find(name) {
  const variable = `TANDEM_${name.toUpperCase()}`
  const own = name === 'chromium' ? [chromium.executablePath()] : []
  const found = process.env[variable] || [...onPath(programs[name]), ...own].find(runs)
  if (found) process.env[variable] = found // Playwright's workers inherit it and need not look again
  return found
}

/**
 * The path of a browser without which a test would prove nothing.
 * @param {Name} name
 */
export function need(name) {
  const path = find(name)
  if (!path) throw new Error(`There is no ${name} here: 'make test-tools' installs it, or name one in TANDEM_${name.toUpperCase()}.`)
  return path
}

/** @param {string[]} names */
function onPath(names) {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return names.flatMap((name) => folders.map((folder) => join(folder, name)))
}

/**
 * Asks, since Ubuntu's `chromium-browser` exists only to say that it does not.
 * @param {string} path
 */
function runs(path) {
  try {
    accessSync(path, constants.X_OK)
  } catch {
    return false
  }
  // WebKit's driver knows no --version, and --help as all do.
  return ['--version', '--help'].some((option) => spawnSync(path, [option], { timeout: 20_000 }).status === 0)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const path = find(/** @type {Name} */ (process.argv[2]))
  if (path) console.log(path)
  else process.exitCode = 1
}
