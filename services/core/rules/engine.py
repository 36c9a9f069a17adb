"""The number of the code that judges.

It rises by one with every change that makes the same rules judge any question about any facts differently.
`tests/campaign/test_record_judged_again.py` notices such a change. Rows of another engine are stale.
"""

ENGINE = 3
