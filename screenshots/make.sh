#!/usr/bin/env bash
# Makes the pictures anew: SVGs from the console itself, PNGs from those.
# Needs rsvg-convert (librsvg2-bin) and Noto Sans Mono CJK (fonts-noto-cjk) for the PNGs.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo run --release --quiet --example screenshots
if ! command -v rsvg-convert >/dev/null; then
    echo "rsvg-convert is not there: the PNGs are left as they are" >&2
    exit 1
fi
if ! fc-list 2>/dev/null | grep 'Noto Sans Mono CJK' >/dev/null; then
    echo "Noto Sans Mono CJK is not there: the PNGs are left as they are" >&2
    exit 1
fi
for svg in screenshots/*.svg; do
    rsvg-convert "$svg" -o "${svg%.svg}.png"
    echo "${svg%.svg}.png"
done
