#!/bin/sh
# Rebuilds assessments/web/static/vendor. Needs node 20 or newer and a package registry;
# `rebuild.sh --update` first moves the lock to the newest versions that package.json allows.
set -eu
cd "$(dirname "$0")"
if [ "${1:-}" = "--update" ]; then
    npm install --package-lock-only --no-audit --no-fund
    node strip_lock.mjs
fi
npm ci --no-audit --no-fund
npm run build
