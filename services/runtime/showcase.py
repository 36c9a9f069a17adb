"""The ids of the demo that a first start loads."""

DEMO_LEDGER = "demo"
SHOWCASE = "showcase"
"""The first practitioner of every demo, the one worth looking at: `services.demo.story` explains why."""
