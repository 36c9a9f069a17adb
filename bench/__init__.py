"""Benchmarks: ratios between what the service does and the bare work under it, each from one run."""
