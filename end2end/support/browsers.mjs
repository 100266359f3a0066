// Which browsers this machine has. Set-up asks on the command line, tests by import.
import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium } from '@playwright/test'

const programs = {
  chromium: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
  firefox: ['firefox-esr', 'firefox'],
}

/**
 * The path of a browser that runs: TANDEM_CHROMIUM or TANDEM_FIREFOX, else the system's, else (Chromium) Playwright's own.
 * @param {'chromium' | 'firefox'} name
 * @returns {string | undefined}
 */
export function find(name) {
  const variable = `TANDEM_${name.toUpperCase()}`
  const own = name === 'chromium' ? [chromium.executablePath()] : []
  const found = process.env[variable] || [...onPath(programs[name]), ...own].find(runs)
  if (found) process.env[variable] = found // Playwright's workers inherit it and need not look again
  return found
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
  return spawnSync(path, ['--version'], { timeout: 20_000 }).status === 0
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const path = find(process.argv[2] === 'firefox' ? 'firefox' : 'chromium')
  if (path) console.log(path)
  else process.exitCode = 1
}
