#!/bin/sh
# A browser for the test of the chat page: the machine's own, else Debian's, else Playwright's.
for browser in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable; do
    if [ -n "$browser" ] && command -v "$browser" >/dev/null 2>&1; then
        exit 0
    fi
done
if command -v apt-get >/dev/null 2>&1; then
    sudo=
    [ "$(id -u)" = 0 ] || sudo="sudo -n"
    echo "Browser: installing Debian's chromium"
    if { $sudo apt-get update -qq && $sudo apt-get install -y -qq --no-install-recommends chromium; } \
        >/dev/null 2>&1 && command -v chromium >/dev/null 2>&1; then
        exit 0
    fi
fi
if .venv/bin/python -m playwright install chromium >/dev/null 2>&1; then
    exit 0
fi
echo "Browser: none could be had; the tests of the chat page will be skipped."
