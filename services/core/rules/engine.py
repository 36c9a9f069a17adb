"""The number of the code that judges.

It rises by one with every change after which some question about some facts is judged otherwise under the same rules.
`tests/rules/test_recorded_answers.py` notices such a change. What another number judged is never taken for fresh.
"""

ENGINE = 1
