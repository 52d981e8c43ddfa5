#!/bin/sh
# Serves simulated cameras and takes a first picture with one of them.
cd "$(dirname "$0")/.." || exit
bin/indi-asid serve --simulate &
daemon=$!
trap 'kill $daemon 2>/dev/null' EXIT
trap 'exit 0' INT TERM
bin/indi-asid snap --host localhost -e 5 -o first-light.fits || exit
echo "The daemon serves on port 7624; look at first-light.png. Ctrl-C ends it."
wait $daemon
