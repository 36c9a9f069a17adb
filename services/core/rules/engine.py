"""The number of the code that judges.

Raised by one with every change after which any fact, rule and question give another judgement than before: what is
stored under another number is then judged again, and no answer is taken for one that it is not.
"""

ENGINE = 1
