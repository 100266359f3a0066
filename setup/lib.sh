# shellcheck shell=bash
# Shared by the scripts in this folder: where they run, how they speak.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf '  %-25s %s\n' "$1" "$2"; }

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }
