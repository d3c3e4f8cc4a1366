"""Measurements as ratios: ours beside plain baselines, made here and run in turn."""
