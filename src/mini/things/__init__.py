"""Things that stand in scenes: sprites (made once per bank) and functions put_x(canvas, ..., light) that draw them.

Sizes are in pixels and colours go through the scene's light; every put function labels what it draws."""
