"""The demo: the main job from an empty folder to explained replies and one found ghost."""
