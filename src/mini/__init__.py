"""Renderer, trainer and exporter of the bundled encoders (bundle `mini`). A maintainer's tool; README.md is its manual.

The way of the data: seed -> scenes (images with a label for every pixel) -> cache -> crops -> towers -> bundle."""
