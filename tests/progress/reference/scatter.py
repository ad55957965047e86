"""Writes scatter.json: python tests/progress/reference/scatter.py > tests/progress/reference/scatter.json

Needs scipy. Residuals of a least-squares line and the tail of chi-square for seeded synthetic series.
"""

import json
import random

import scipy
from scipy import stats

random.seed(20261126)
cases = []
for _ in range(60):
    n = random.choice([3, 4, 5, 6, 8, 12, 20, 45, 90])
    values = [random.randint(0, 27) for _ in range(n)]
    days, day = [], 0
    for _ in range(n):
        days.append(day)
        day += random.choice([5, 7, 7, 7, 9, 14])
    sem = random.choice([0.5, 1.5, 2.165, 4.0, 9.0])
    line = stats.linregress(days, values)
    squares = sum((y - line.intercept - line.slope * x) ** 2 for x, y in zip(days, values))
    cases.append(
        {
            "values": values,
            "days": days,
            "sem": sem,
            "residual_sd": (squares / (n - 2)) ** 0.5,
            "chi_square": squares / sem**2,
            "df": n - 2,
            "p": float(stats.chi2.sf(squares / sem**2, n - 2)),
        }
    )
print(json.dumps({"scipy": scipy.__version__, "cases": cases}))
